using System.CommandLine;
using Outboard.Cli.Output;
using Outboard.Cli.Vectors;
using Outboard.Simd;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard vectors</c>: known-answer files through the real devices, each case at every width.</summary>
internal sealed class VectorsVerb() : Verb("vectors", "Drives known-answer files through the real devices at every SIMD width.")
{
    private readonly Argument<string[]> _paths = new("FILE")
    {
        Description = "Files, or folders that are searched for files the program knows.",
        Arity = ArgumentArity.OneOrMore,
    };

    protected override void AddTo(Command command) => command.Add(_paths);

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        IVectorRunner[] runners = FindRunners();
        var report = new VectorReport();
        int[] widths = GetWidths(context.Simd);
        var vectors = new VectorContext(context.Host, widths, report);
        Table table = Tables.Create("file", "class", ">passed", ">failed", ">skipped");
        foreach ((VectorFile file, IVectorRunner runner) in FindFiles(parsed.GetRequiredValue(_paths), runners))
        {
            (long passed, long failed, long skipped) = (report.PassedCount, report.FailedCount, report.SkippedCount);
            runner.Run(file, vectors);
            passed = report.PassedCount - passed;
            failed = report.FailedCount - failed;
            skipped = report.SkippedCount - skipped;
            if (context.IsJson)
            {
                context.Json.Write(json =>
                {
                    json.WriteString("file", file.Shown);
                    json.WriteString("class", runner.Name);
                    json.WriteNumber("filePassed", passed);
                    json.WriteNumber("fileFailed", failed);
                    json.WriteNumber("fileSkipped", skipped);
                });
            }

            table.Add(file.Shown, runner.Name, passed.ToString(), failed.ToString(), skipped.ToString());
        }

        if (context.IsJson)
        {
            WriteJson(context.Json, report);
        }
        else
        {
            WriteText(context.Console, table, report, widths);
        }

        return report.FailedCount == 0 ? CliProgram.Success : CliProgram.Failure;
    }

    /// <summary>The kernel widths that run here and are not above the limit.</summary>
    internal static int[] GetWidths(SimdPolicy policy)
    {
        // The runtime may recommend 256 where 512 can run; what can run is what counts here.
        bool has512 = System.Runtime.Intrinsics.X86.Avx512F.IsSupported;
        bool has256 = System.Runtime.Intrinsics.X86.Avx2.IsSupported;
        bool has128 = System.Runtime.Intrinsics.Vector128.IsHardwareAccelerated;
        SimdWidth widest = has512 ? SimdWidth.V512 : has256 ? SimdWidth.V256 : has128 ? SimdWidth.V128 : SimdWidth.Scalar;
        SimdWidth[] all = [SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512];
        return [.. all.Where(width => width <= widest && width <= policy.Maximum).Select(width => (int)width)];
    }

    private static IVectorRunner[] FindRunners() =>
    [
        .. typeof(IVectorRunner).Assembly.GetTypes()
            .Where(type => type is { IsAbstract: false, IsInterface: false } && typeof(IVectorRunner).IsAssignableFrom(type))
            .Select(type => (IVectorRunner)Activator.CreateInstance(type)!)
            .OrderBy(runner => runner.Name, StringComparer.Ordinal),
    ];

    private static IEnumerable<(VectorFile File, IVectorRunner Runner)> FindFiles(string[] paths, IVectorRunner[] runners)
    {
        foreach (string path in paths)
        {
            if (File.Exists(path))
            {
                var file = new VectorFile(Path.GetFullPath(path), path);
                yield return (file, Find(file, runners)
                    ?? throw new UserException($"{path}: not a vector file of a known form (see --help)"));
                continue;
            }

            if (!Directory.Exists(path))
            {
                throw new UserException($"{path}: there is no such file or folder");
            }

            bool any = false;
            foreach (string found in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            {
                var file = new VectorFile(Path.GetFullPath(found), found);
                if (Find(file, runners) is { } runner)
                {
                    any = true;
                    yield return (file, runner);
                }
            }

            if (!any)
            {
                throw new UserException($"{path}: the folder holds no vector file of a known form");
            }
        }
    }

    private static IVectorRunner? Find(VectorFile file, IVectorRunner[] runners) =>
        Array.Find(runners, runner => runner.Recognizes(file));

    private static void WriteJson(JsonLines lines, VectorReport report)
    {
        foreach (VectorFailure failure in report.Failures)
        {
            lines.Write(json =>
            {
                json.WriteStartObject("failed");
                json.WriteString("file", failure.File);
                json.WriteString("id", failure.Id);
                json.WriteNumber("width", failure.Width);
                json.WriteString("detail", failure.Detail);
                json.WriteEndObject();
            });
        }

        foreach ((string reason, long count) in report.Skipped)
        {
            lines.Write(json =>
            {
                json.WriteStartObject("skipped");
                json.WriteString("reason", reason);
                json.WriteNumber("count", count);
                json.WriteEndObject();
            });
        }

        lines.Write(json =>
        {
            json.WriteNumber("passed", report.PassedCount);
            json.WriteNumber("failed", report.FailedCount);
            json.WriteNumber("skipped", report.SkippedCount);
        });
    }

    private static void WriteText(IAnsiConsole console, Table table, VectorReport report, int[] widths)
    {
        console.Write(table);
        foreach (VectorFailure failure in report.Failures)
        {
            console.WriteLine($"failed: {failure.File} {failure.Id} at {failure.Width}: {failure.Detail}");
        }

        foreach ((string reason, long count) in report.Skipped)
        {
            console.WriteLine($"skipped: {count} x {reason}");
        }

        console.WriteLine(
            $"{report.PassedCount} passed, {report.FailedCount} failed, {report.SkippedCount} skipped at widths {string.Join(", ", widths)}");
    }
}
