using System.Text;

namespace Outboard.Plugins.Regex.Rules;

internal sealed partial class PatternParser
{
    /// <summary>
    /// Reads (*UTF) and its like at the very start of a pattern. What changes nothing about the matches is accepted and has no effect:
    /// the settings that switch off PCRE2's optimisations, and the default newline.
    /// </summary>
    private void ReadLeadingSettings(RuleOptions options)
    {
        while (Peek(0) == '(' && Peek(1) == '*')
        {
            int close = Array.IndexOf(_pattern, (byte)')', _at);
            if (close < 0)
            {
                return;
            }

            string name = Encoding.Latin1.GetString(_pattern, _at + 2, close - _at - 2);
            switch (name)
            {
                case "UTF" or "UTF8":
                    _utf = true;
                    break;
                case "UCP":
                    _ucp = true;
                    break;
                case "BSR_UNICODE":
                    _facts.NarrowNewlines = false;
                    break;
                case "BSR_ANYCRLF":
                    _facts.NarrowNewlines = true;
                    break;
                case "LF" or "NO_AUTO_POSSESS" or "NO_DOTSTAR_ANCHOR" or "NO_JIT" or "NO_START_OPT":
                    break;
                case "NOTEMPTY" or "NOTEMPTY_ATSTART" when !options.HasFlag(RuleOptions.AllowEmpty):
                    break;
                case "NOTEMPTY" or "NOTEMPTY_ATSTART":
                    throw Unsupported(_at, $"(*{name}) contradicts the rule's allow-empty flag; leave one of them out");
                case "CR" or "CRLF" or "ANY" or "ANYCRLF" or "NUL":
                    throw Unsupported(_at, $"(*{name}) is not offered; a newline is \\n, as under (*LF)");
                default:
                    if (name.StartsWith("LIMIT_", StringComparison.Ordinal))
                    {
                        throw Unsupported(_at, "limits in a pattern are not offered; the device bounds every search itself");
                    }

                    return;
            }

            _at = close + 1;
        }
    }
}
