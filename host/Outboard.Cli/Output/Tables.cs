using Spectre.Console;

namespace Outboard.Cli.Output;

/// <summary>The one look that every table of the program has.</summary>
internal static class Tables
{
    /// <summary>A table with these columns; a name that starts with <c>&gt;</c> is right-aligned.</summary>
    public static Table Create(params ReadOnlySpan<string> columns)
    {
        Table table = new Table().Border(TableBorder.Simple);
        foreach (string column in columns)
        {
            bool right = column.StartsWith('>');
            var made = new TableColumn(new Text(right ? column[1..] : column));
            table.AddColumn(right ? made.RightAligned() : made.LeftAligned());
        }

        return table;
    }

    /// <summary>Adds a row of plain text: brackets in it are no markup.</summary>
    public static void Add(this Table table, params ReadOnlySpan<string> cells)
    {
        var texts = new Text[cells.Length];
        for (int i = 0; i < cells.Length; i++)
        {
            texts[i] = new Text(cells[i]);
        }

        table.AddRow(texts);
    }
}
