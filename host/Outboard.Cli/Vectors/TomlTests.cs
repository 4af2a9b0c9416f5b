using System.Globalization;
using System.Text;

namespace Outboard.Cli.Vectors;

/// <summary>
/// Reads the part of TOML 1.0 that lists of tests use: [[test]] tables of strings of all four kinds, whole numbers, booleans, arrays and
/// inline tables.
/// </summary>
internal sealed class TomlTests
{
    private readonly string _text;
    private readonly string _name;
    private int _at;

    private TomlTests(string text, string name)
    {
        _text = text;
        _name = name;
    }

    private bool AtEnd => _at >= _text.Length;

    /// <summary>The tables, in order; values are string, long, bool, List of object, or Dictionary.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static List<Dictionary<string, object>> Parse(string text, string name)
    {
        var parser = new TomlTests(text, name);
        List<Dictionary<string, object>> tables = [];
        while (true)
        {
            parser.SkipBlank();
            if (parser.AtEnd)
            {
                return tables;
            }

            if (parser.TryTake("[[test]]"))
            {
                tables.Add(new Dictionary<string, object>(StringComparer.Ordinal));
                continue;
            }

            string key = parser.ReadKey();
            if (tables.Count == 0)
            {
                throw parser.Error("a value outside of [[test]]");
            }

            tables[^1][key] = parser.ReadValue();
        }
    }

    private string ReadKey()
    {
        int start = _at;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '_'))
        {
            _at++;
        }

        if (_at == start)
        {
            throw Error("a key is expected");
        }

        string key = _text[start.._at];
        SkipBlank();
        if (!TryTake("="))
        {
            throw Error("= is expected");
        }

        return key;
    }

    private object ReadValue()
    {
        SkipBlank();
        if (AtEnd)
        {
            throw Error("a value is expected");
        }

        return _text[_at] switch
        {
            '"' => ReadBasicString(),
            '\'' => ReadLiteralString(),
            '[' => ReadArray(),
            '{' => ReadTable(),
            _ => ReadWord(),
        };
    }

    private List<object> ReadArray()
    {
        _at++;
        List<object> items = [];
        while (true)
        {
            SkipBlank();
            if (TryTake("]"))
            {
                return items;
            }

            items.Add(ReadValue());
            SkipBlank();
            if (!TryTake(",") && (AtEnd || _text[_at] != ']'))
            {
                throw Error(", or ] is expected");
            }
        }
    }

    private Dictionary<string, object> ReadTable()
    {
        _at++;
        Dictionary<string, object> table = new(StringComparer.Ordinal);
        while (true)
        {
            SkipBlank();
            if (TryTake("}"))
            {
                return table;
            }

            string key = ReadKey();
            table[key] = ReadValue();
            SkipBlank();
            if (!TryTake(",") && (AtEnd || _text[_at] != '}'))
            {
                throw Error(", or } is expected");
            }
        }
    }

    private object ReadWord()
    {
        int start = _at;
        while (!AtEnd && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '+' or '_'))
        {
            _at++;
        }

        string word = _text[start.._at];
        return word switch
        {
            "true" => true,
            "false" => false,
            _ when long.TryParse(word, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) => number,
            _ => throw Error($"'{word}' is no value"),
        };
    }

    private string ReadLiteralString()
    {
        string quote = _text.AsSpan(_at).StartsWith("'''") ? "'''" : "'";
        int start = _at + quote.Length;
        int end = _text.IndexOf(quote, start, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Error("a string has no end");
        }

        _at = end + quote.Length;
        return FirstNewlineOff(_text[start..end], quote);
    }

    private string ReadBasicString()
    {
        string quote = _text.AsSpan(_at).StartsWith("\"\"\"") ? "\"\"\"" : "\"";
        _at += quote.Length;
        var value = new StringBuilder();
        while (true)
        {
            if (AtEnd)
            {
                throw Error("a string has no end");
            }

            if (TryTake(quote))
            {
                return FirstNewlineOff(value.ToString(), quote);
            }

            char c = _text[_at++];
            if (c != '\\')
            {
                value.Append(c);
                continue;
            }

            AppendEscape(value);
        }
    }

    private void AppendEscape(StringBuilder value)
    {
        char c = AtEnd ? '\0' : _text[_at++];
        switch (c)
        {
            case 'b':
                value.Append('\b');
                break;
            case 't':
                value.Append('\t');
                break;
            case 'n':
                value.Append('\n');
                break;
            case 'f':
                value.Append('\f');
                break;
            case 'r':
                value.Append('\r');
                break;
            case 'e':
                value.Append('\e');
                break;
            case '"' or '\\':
                value.Append(c);
                break;
            case 'u' or 'U':
                int length = c == 'u' ? 4 : 8;
                if (_at + length > _text.Length
                    || !int.TryParse(_text.AsSpan(_at, length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out int scalar)
                    || !Rune.IsValid(scalar))
                {
                    throw Error("an escape is malformed");
                }

                value.Append(new Rune(scalar).ToString());
                _at += length;
                break;
            case '\n' or '\r' or ' ':
                while (!AtEnd && char.IsWhiteSpace(_text[_at]))
                {
                    _at++;
                }

                break;
            default:
                throw Error($"\\{c} is no escape");
        }
    }

    /// <summary>A newline right behind three quotes is not part of the string.</summary>
    private static string FirstNewlineOff(string value, string quote) =>
        quote.Length == 1 || !value.StartsWith('\n') ? value : value[1..];

    private void SkipBlank()
    {
        while (!AtEnd)
        {
            if (char.IsWhiteSpace(_text[_at]))
            {
                _at++;
            }
            else if (_text[_at] == '#')
            {
                int end = _text.IndexOf('\n', _at);
                _at = end < 0 ? _text.Length : end;
            }
            else
            {
                return;
            }
        }
    }

    private bool TryTake(string text)
    {
        if (!_text.AsSpan(_at).StartsWith(text))
        {
            return false;
        }

        _at += text.Length;
        return true;
    }

    private FormatException Error(string what) =>
        new($"{_name}:{1 + _text.AsSpan(0, Math.Min(_at, _text.Length)).Count('\n')}: {what}");
}
