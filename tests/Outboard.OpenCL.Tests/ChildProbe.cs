using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Outboard.OpenCL.Tests;

/// <summary>
/// Probes in a child process. The loader reads its variables from the process's real environment once, which a running
/// .NET process can no longer change.
/// </summary>
internal static class ChildProbe
{
    private const string Variable = "OUTBOARD_OPENCL_CHILD_PROBE";

    public static (int ExitCode, string Output) Run(string name, string value)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(typeof(ChildProbe).Assembly.Location);
        }

        start.Environment[Variable] = "1";
        start.Environment[name] = value;
        using Process child = Process.Start(start)!;
        string output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return (child.ExitCode, output.Trim());
    }

#pragma warning disable CA2255 // A program's initializer is the only place before the runner's entry point.
    [ModuleInitializer]
    internal static void RunInChild()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not null)
        {
            OpenCLProbe probe = OpenCLProbe.Shared;
            Console.WriteLine($"{probe.Devices.Count} devices; {probe.AbsenceReason}");
            Environment.Exit(0);
        }
    }
#pragma warning restore CA2255
}
