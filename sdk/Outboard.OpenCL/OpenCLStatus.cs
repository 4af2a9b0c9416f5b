namespace Outboard.OpenCL;

/// <summary>What an OpenCL call returned: its code, and that code's name in the OpenCL headers.</summary>
/// <remarks>
/// Data-path calls return it instead of throwing; <see cref="ThrowIfFailed"/> turns it into an exception.
/// </remarks>
public readonly struct OpenCLStatus : IEquatable<OpenCLStatus>
{
    /// <summary>Wraps a code.</summary>
    /// <param name="code">0 for success, negative for an error.</param>
    public OpenCLStatus(int code) => Code = code;

    /// <summary>The call succeeded.</summary>
    public static OpenCLStatus Success => default;

    /// <summary>The code; 0 is success.</summary>
    public int Code { get; }

    /// <summary>Whether the call succeeded.</summary>
    public bool IsSuccess => Code == 0;

    /// <summary>The code's name, such as <c>CL_OUT_OF_RESOURCES</c>.</summary>
    public string Name => OpenCLStatusNames.Of(Code);

    /// <summary>Throws unless the call succeeded.</summary>
    /// <param name="call">The OpenCL call that returned this, for the message.</param>
    /// <exception cref="OpenCLException">The call failed.</exception>
    public void ThrowIfFailed(string call)
    {
        if (Code != 0)
        {
            throw new OpenCLException(call, Code);
        }
    }

    /// <inheritdoc/>
    public bool Equals(OpenCLStatus other) => Code == other.Code;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is OpenCLStatus other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => Code;

    /// <summary>Whether two codes are the same.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(OpenCLStatus left, OpenCLStatus right) => left.Equals(right);

    /// <summary>Whether two codes differ.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(OpenCLStatus left, OpenCLStatus right) => !left.Equals(right);

    /// <summary>The name and the code.</summary>
    public override string ToString() => $"{Name} ({Code})";
}
