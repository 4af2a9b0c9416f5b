using Outboard.Cli.Output;
using Outboard.Regex;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary>Shows refused rules, all of them alike in every verb.</summary>
internal static class RegexRefusals
{
    /// <summary>One JSON object a rule, or one table.</summary>
    public static void Write(VerbContext context, RegexSession session)
    {
        if (session.Refused.Count == 0)
        {
            return;
        }

        Table table = Tables.Create(">refused rule", ">group", ">offset", "reason");
        foreach (RegexRuleError error in session.Refused)
        {
            table.Add($"{error.RuleId}", $"{error.GroupId}", $"{error.Offset}", error.Reason);
            if (context.IsJson)
            {
                context.Json.Write(json =>
                {
                    json.WriteStartObject("refused");
                    json.WriteNumber("rule", error.RuleId);
                    json.WriteNumber("group", error.GroupId);
                    json.WriteNumber("offset", error.Offset);
                    json.WriteString("reason", error.Reason);
                    json.WriteEndObject();
                });
            }
        }

        if (!context.IsJson)
        {
            context.Console.Write(table);
        }
    }
}
