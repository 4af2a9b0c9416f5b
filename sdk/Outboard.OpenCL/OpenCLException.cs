namespace Outboard.OpenCL;

/// <summary>An OpenCL call failed: which call, with which code, and for a build the compiler's log.</summary>
public sealed class OpenCLException : Exception
{
    /// <summary>A call failed.</summary>
    /// <param name="call">The OpenCL call, such as <c>clCreateBuffer</c>.</param>
    /// <param name="code">What it returned; negative.</param>
    public OpenCLException(string call, int code)
        : this(call, code, detail: null, buildLog: null)
    {
    }

    /// <summary>A call failed, and more is known about it.</summary>
    /// <param name="call">The OpenCL call.</param>
    /// <param name="code">What it returned; negative.</param>
    /// <param name="detail">What was being done, or null.</param>
    /// <param name="buildLog">The compiler's log when a program did not build, else null.</param>
    public OpenCLException(string call, int code, string? detail, string? buildLog)
        : base(Describe(call, code, detail, buildLog))
    {
        Call = call;
        Status = new OpenCLStatus(code);
        BuildLog = buildLog;
    }

    /// <summary>The OpenCL call that failed.</summary>
    public string Call { get; }

    /// <summary>What it returned.</summary>
    public OpenCLStatus Status { get; }

    /// <summary>The compiler's log, when a program did not build.</summary>
    public string? BuildLog { get; }

    private static string Describe(string call, int code, string? detail, string? buildLog)
    {
        string text = $"{call} failed with {new OpenCLStatus(code)}";
        if (detail is not null)
        {
            text += $": {detail}";
        }

        return string.IsNullOrWhiteSpace(buildLog) ? text : $"{text}\n{buildLog.TrimEnd()}";
    }
}
