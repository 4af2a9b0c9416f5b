using System.CommandLine;
using System.Globalization;
using Outboard.Cli.Inspect;
using Outboard.Regex;

namespace Outboard.Cli.Verbs;

/// <summary>The options that say where rules come from and what a device is to do with them.</summary>
internal sealed class RegexSource
{
    private readonly Option<string?> _rules = new("--rules") { Description = "A rule file.", HelpName = "FILE" };

    private readonly Option<string?> _image = new("--image")
    {
        Description = "An image that regex compile wrote, in place of a rule file.",
        HelpName = "FILE",
    };

    private readonly Option<string> _device = new("--device")
    {
        Description = "A driver's name and arguments.",
        DefaultValueFactory = _ => "regex_simd0",
        HelpName = "DEVICE",
    };

    private readonly Option<string> _mode = new("--mode")
    {
        Description = "What is reported: default (leftmost, one after the other), end (every end), all (every start and end).",
        DefaultValueFactory = _ => "default",
        HelpName = "MODE",
    };

    private readonly Option<string> _group = new("--group")
    {
        Description = "The group that the rules are put into, 0 to 65535.",
        DefaultValueFactory = _ => "0",
        HelpName = "N",
    };

    private readonly Option<string?> _train = new("--train")
    {
        Description = "A capture, a .payloads file or any file whose bytes are like those to come.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _skip = new("--skip-refused") { Description = "Leaves out the rules that the device refuses." };

    /// <summary>Adds the options.</summary>
    public void AddTo(Command command)
    {
        command.Add(_rules);
        command.Add(_image);
        command.Add(_device);
        command.Add(_mode);
        command.Add(_group);
        command.Add(_train);
        command.Add(_skip);
    }

    /// <summary>Whether refused rules are left out by wish.</summary>
    public bool SkipsRefused(ParseResult parsed) => parsed.GetValue(_skip);

    /// <summary>Opens the device and puts the rules or the image in force.</summary>
    /// <param name="parsed">What was typed.</param>
    /// <param name="context">The verb's context.</param>
    /// <param name="flags">What is asked of the device besides the mode.</param>
    /// <param name="matchesMax">How many matches an op may report; 0 for the usual number.</param>
    /// <exception cref="UserException">An option or a file is wrong.</exception>
    public RegexSession Open(
        ParseResult parsed, VerbContext context, RegexConfigurationFlags flags = RegexConfigurationFlags.None, int matchesMax = 0)
    {
        string? rules = parsed.GetValue(_rules);
        string? image = parsed.GetValue(_image);
        if (rules is null == image is null)
        {
            throw new UserException(rules is null
                ? "--rules FILE is missing; --image FILE takes what regex compile wrote."
                : "--rules and --image exclude each other; give one of them.");
        }

        RuleFile? file = rules is null ? null : RuleFile.Read(rules);
        byte[]? database = image is null ? null : ReadImage(image);
        RegexCorpus? sample = parsed.GetValue(_train) is { } train ? RegexCorpus.Read("--train", train, frames: false) : null;
        var session = new RegexSession(context.Host.OpenRegex(parsed.GetRequiredValue(_device)), ParseGroup(parsed.GetRequiredValue(_group)));
        try
        {
            session.Configure(flags | ParseMode(parsed.GetRequiredValue(_mode)), matchesMax);
            if (sample is not null)
            {
                session.Train(sample.Join());
            }

            if (file is not null)
            {
                session.Compile(file);
            }
            else
            {
                session.Import(image!, database!);
            }

            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>The configuration flag of a mode's name.</summary>
    public static RegexConfigurationFlags ParseMode(string mode) => mode switch
    {
        "default" => RegexConfigurationFlags.None,
        "end" => RegexConfigurationFlags.MatchAsEnd,
        "all" => RegexConfigurationFlags.MatchAll,
        _ => throw new UserException($"--mode {mode} is not known; there are default, end and all."),
    };

    /// <summary>A group's number.</summary>
    public static ushort ParseGroup(string group) =>
        ushort.TryParse(group, NumberStyles.None, CultureInfo.InvariantCulture, out ushort number)
            ? number
            : throw new UserException($"--group {group} is not a number from 0 to {ushort.MaxValue}.");

    private static byte[] ReadImage(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"--image: {e.Message}", e);
        }
    }
}
