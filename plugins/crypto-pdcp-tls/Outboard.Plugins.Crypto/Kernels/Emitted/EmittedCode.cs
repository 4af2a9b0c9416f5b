using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>The emitted functions of this process, in memory that was written first and made executable after.</summary>
/// <remarks>
/// Made once, on first use, never changed and never freed: a kernel is a type, and a type lives as long as the process. Where
/// anything is missing there is no code, <see cref="Obstacle"/> says why, and the kernels made of intrinsics run.
/// </remarks>
internal sealed unsafe partial class EmittedCode
{
    private const int ProtectReadWrite = 3;
    private const int ProtectReadExecute = 5;
    private const int MapPrivateAnonymous = 0x22;
    private const int FunctionAlignment = 64;

    private const int CtrCount = 12;

    // Twelve of counter mode by width (256, 512), rounds (10, 12, 14) and counter (128, 32 bits), then as many of CMAC by width,
    // rounds and keys (one for each lane, one for all).
    private readonly nint[] _functions = new nint[2 * CtrCount];
    private readonly byte* _constants;

    private EmittedCode()
    {
        Obstacle = FindObstacle();
        if (Obstacle is not null)
        {
            return;
        }

        var image = new List<byte>(WriteConstants());
        int[] starts = new int[_functions.Length];
        for (int i = 0; i < _functions.Length; i++)
        {
            while (image.Count % FunctionAlignment != 0)
            {
                image.Add(0xCC);
            }

            starts[i] = image.Count;
            int of = i % CtrCount, bits = of < 6 ? 256 : 512, rounds = 10 + (2 * (of / 2 % 3));
            image.AddRange(i < CtrCount ? CtrFunction.Emit(bits, rounds, of % 2 == 1) : CmacFunction.Emit(bits, rounds, of % 2 == 1));
        }

        byte* memory = Place([.. image]);
        if (memory is null)
        {
            return;
        }

        _constants = memory;
        for (int i = 0; i < _functions.Length; i++)
        {
            _functions[i] = (nint)(memory + starts[i]);
        }
    }

    /// <summary>The code of this process.</summary>
    public static EmittedCode Shared { get; } = new();

    /// <summary>Why there is no emitted code here, or null when there is.</summary>
    public string? Obstacle { get; private set; }

    /// <summary>Runs counter mode. Allowed only without an <see cref="Obstacle"/>.</summary>
    /// <param name="call">Complete but for its constants.</param>
    /// <param name="vectorBits">256 or 512.</param>
    /// <param name="rounds">10, 12 or 14.</param>
    /// <param name="shortCounter">Whether the counter wraps in 32 bits.</param>
    public void RunCtr(CtrCall* call, int vectorBits, int rounds, bool shortCounter)
    {
        int index = (vectorBits == 512 ? 6 : 0) + (rounds - 10) + (shortCounter ? 1 : 0);
        call->Constants = _constants;

        // SAFETY: the function touches what the call names and the registers that a callee may change. It takes a microsecond at
        // most, which the callers see to, so the runtime need not know that it is away.
        ((delegate* unmanaged[SuppressGCTransition]<CtrCall*, void>)_functions[index])(call);
    }

    /// <summary>Runs many CMAC chains. Allowed only without an <see cref="Obstacle"/>.</summary>
    /// <param name="call">Complete; all lanes of the width are used.</param>
    /// <param name="vectorBits">256 or 512.</param>
    /// <param name="rounds">10, 12 or 14.</param>
    /// <param name="sharedKey">Whether all lanes have one key.</param>
    public void RunCmac(CmacCall* call, int vectorBits, int rounds, bool sharedKey)
    {
        int index = CtrCount + (vectorBits == 512 ? 6 : 0) + (rounds - 10) + (sharedKey ? 1 : 0);

        // SAFETY: as above; the call says how many blocks every lane has.
        ((delegate* unmanaged[SuppressGCTransition]<CmacCall*, void>)_functions[index])(call);
    }

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

        // The runtime's own tests cover the operating system's part of 512-bit state, and its switches bind this code too.
        return Aes.IsSupported && Avx512BW.VL.IsSupported && (X86Base.CpuId(7, 0).Ecx & (1 << 9)) != 0
            ? null
            : "the processor or runtime lacks VAES or AVX-512";
    }

    private static byte[] WriteConstants()
    {
        byte[] constants = new byte[CtrFunction.ConstantsLength];
        for (int i = 0; i < 64; i++)
        {
            constants[i] = (byte)(15 - (i % 16));
        }

        for (int lane = 0; lane < 4; lane++)
        {
            constants[64 + (16 * lane)] = (byte)lane;
            constants[128 + (16 * lane)] = 4;
            constants[192 + (16 * lane)] = 2;
        }

        return constants;
    }

    private byte* Place(byte[] image)
    {
        nuint length = (nuint)image.Length;
        void* memory = Map(null, length, ProtectReadWrite, MapPrivateAnonymous, -1, 0);
        if ((nint)memory == -1)
        {
            Obstacle = $"no memory for code: {LastError()}";
            return null;
        }

        image.CopyTo(new Span<byte>(memory, image.Length));
        if (Protect(memory, length, ProtectReadExecute) != 0)
        {
            Obstacle = $"the system does not let memory be made executable: {LastError()}";
            _ = Unmap(memory, length);
            return null;
        }

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
