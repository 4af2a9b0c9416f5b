using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Memory for machine code: written first and made executable after, never both at once, and never freed.</summary>
/// <remarks>A function lives as long as the process, as a method of a type does.</remarks>
internal static unsafe partial class EmittedCode
{
    private const int ProtectReadWrite = 3;
    private const int ProtectReadExecute = 5;
    private const int MapPrivateAnonymous = 0x22;
    private const byte Return = 0xC3;

    /// <summary>Why there is no emitted code in this process, or null when there is; the kernels made of intrinsics run then.</summary>
    public static string? Obstacle { get; } = FindObstacle();

    /// <summary>Places a function. The control path.</summary>
    /// <exception cref="InvalidOperationException">The system gives no memory for code.</exception>
    public static byte* Place(ReadOnlySpan<byte> code) =>
        TryPlace(code, out string? obstacle) is var placed && placed is not null ? placed : throw new InvalidOperationException(obstacle);

    private static string? FindObstacle()
    {
        if (RuntimeInformation.ProcessArchitecture != Architecture.X64)
        {
            return "the processor is not x86-64";
        }

        if (!OperatingSystem.IsLinux())
        {
            return "the calling convention and memory calls are those of Linux";
        }

        // The runtime's own tests cover the operating system's part of 512-bit state, and its switches bind this code too. Vector
        // AES and carry-less multiplication are bits 9 and 10.
        const int VectorCipher = 3 << 9;
        if (!Aes.IsSupported || !Bmi2.X64.IsSupported || !Avx512BW.VL.IsSupported || !Avx512DQ.VL.IsSupported
            || (X86Base.CpuId(7, 0).Ecx & VectorCipher) != VectorCipher)
        {
            return "the processor or runtime lacks VAES, VPCLMULQDQ or AVX-512";
        }

        if (TryPlace([Return], out string? refused) is var probe && probe is not null)
        {
            _ = Unmap(probe, 1);
        }

        return refused;
    }

    private static byte* TryPlace(ReadOnlySpan<byte> code, out string? obstacle)
    {
        nuint length = (nuint)code.Length;
        void* memory = Map(null, length, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        if ((nint)memory == -1)
        {
            obstacle = $"no memory for code: {LastError()}";
            return null;
        }

        code.CopyTo(new Span<byte>(memory, code.Length));
        if (Protect(memory, length, ProtectReadExecute) != 0)
        {
            obstacle = $"the system does not let memory be made executable: {LastError()}";
            _ = Unmap(memory, length);
            return null;
        }

        obstacle = null;
        return (byte*)memory;
    }

    private static string LastError() => new Win32Exception(Marshal.GetLastPInvokeError()).Message;

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* address, nuint length);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* address, nuint length, int protection);
}
