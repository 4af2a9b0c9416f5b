using Iced.Intel;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>One function of machine code, assembled by the library Iced when it is first asked for.</summary>
/// <remarks>
/// The first function of a process costs about a tenth of a second, in which Iced itself is compiled, and a further one about a
/// millisecond: a unit asks for its addresses when it is made, which a device that may not use emitted code never does.
/// Functions follow the System V calling convention. None has unwind information, so a wrong address ends the process: lengths are
/// checked before.
/// </remarks>
/// <param name="name">What it is called in messages.</param>
/// <param name="write">Writes the instructions, the return and constants behind it.</param>
internal sealed unsafe class EmittedFunction(string name, Action<Assembler> write)
{
    private readonly Lock _lock = new();
    private nint _address;

    /// <summary>What it is called in messages.</summary>
    public string Name => name;

    /// <summary>Where it is; allowed only without an <see cref="EmittedCode.Obstacle"/>.</summary>
    /// <exception cref="InvalidOperationException">The system gives no memory for it.</exception>
    public nint Address => Volatile.Read(ref _address) is var address && address != 0 ? address : Place();

    /// <summary>The machine code, which does not depend on where it is placed.</summary>
    public byte[] Assemble()
    {
        var assembler = new Assembler(bitness: 64);
        write(assembler);
        using var image = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(image), rip: 0);
        return image.ToArray();
    }

    private nint Place()
    {
        lock (_lock)
        {
            if (_address == 0)
            {
                Volatile.Write(ref _address, (nint)EmittedCode.Place(Assemble()));
            }

            return _address;
        }
    }
}
