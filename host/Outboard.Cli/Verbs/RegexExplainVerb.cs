using System.CommandLine;
using System.Globalization;
using Outboard.Cli.Output;
using Outboard.Regex;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard regex explain</c>: how a device searches for each rule.</summary>
internal sealed class RegexExplainVerb() : Verb("explain", "For each rule: what finds candidates, what confirms them, and why.")
{
    private readonly RegexSource _source = new();

    private readonly Option<string?> _rule = new("--rule") { Description = "This rule alone.", HelpName = "ID" };

    protected override void AddTo(Command command)
    {
        _source.AddTo(command);
        command.Add(_rule);
    }

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        int? only = parsed.GetValue(_rule) is { } text ? ParseRule(text) : null;
        using RegexSession session = _source.Open(parsed, context);
        RegexRuleReport[] reports = [.. session.Device.ExplainRules().Where(report => only is null || report.RuleId == only)];
        if (reports.Length == 0 && only is not null && !session.Refused.Any(error => error.RuleId == only))
        {
            throw new UserException($"--rule {only}: there is no such rule.");
        }

        RegexRefusals.Write(context, session);
        Table table = Tables.Create(">rule", ">group", "tier", "automaton", "because");
        foreach (RegexRuleReport report in reports)
        {
            table.Add($"{report.RuleId}", $"{report.GroupId}", report.Tier, report.Automaton, report.Reason);
            if (context.IsJson)
            {
                context.Json.Write(json =>
                {
                    json.WriteNumber("rule", report.RuleId);
                    json.WriteNumber("group", report.GroupId);
                    json.WriteString("tier", report.Tier);
                    json.WriteString("automaton", report.Automaton);
                    json.WriteString("reason", report.Reason);
                });
            }
        }

        if (!context.IsJson && reports.Length != 0)
        {
            context.Console.Write(table);
        }

        return session.Refused.Count == 0 || _source.SkipsRefused(parsed) ? CliProgram.Success : CliProgram.Failure;
    }

    private static int ParseRule(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
            ? id
            : throw new UserException($"--rule {text} is not a rule id; ids are 0 to {int.MaxValue}.");
}
