using System.Runtime.CompilerServices;
using Outboard.Devices;

namespace Outboard.Ml;

/// <summary>One inference: a model, a batch, and the buffers it reads and writes.</summary>
/// <remarks>An 8-byte handle to native memory from an <see cref="MlOpPool"/>.</remarks>
public readonly unsafe struct MlOp : IOp, IEquatable<MlOp>
{
    private readonly MlOpHeader* _header;

    internal MlOp(MlOpHeader* header) => _header = header;

    /// <inheritdoc/>
    public bool IsNull => _header is null;

    /// <inheritdoc/>
    public OpStatus Status
    {
        get => _header->Status;
        set => _header->Status = value;
    }

    /// <inheritdoc/>
    public ulong UserData
    {
        get => _header->UserData;
        set => _header->UserData = value;
    }

    /// <summary>The model, by <see cref="MlModel.Id"/>.</summary>
    public ushort ModelId
    {
        get => _header->ModelId;
        set => _header->ModelId = value;
    }

    /// <summary>How many samples lie one behind the other in the buffers; 1 in a fresh op.</summary>
    public ushort BatchCount
    {
        get => _header->BatchCount;
        set => _header->BatchCount = value;
    }

    /// <summary>The driver's code when the op failed; <see cref="MlDevice.GetError"/> has the words.</summary>
    public uint ErrorCode => _header->ErrorCode;

    /// <summary>How many input buffers are set: 1 when packed, one a tensor when split.</summary>
    public int InputCount => _header->InputCount;

    /// <summary>How many output buffers are set.</summary>
    public int OutputCount => _header->OutputCount;

    /// <summary>The native header.</summary>
    internal MlOpHeader* Header => _header;

    private MlBuffer* Buffers => (MlBuffer*)(_header + 1);

    /// <summary>Whether two handles mean the same op.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator ==(MlOp left, MlOp right) => left._header == right._header;

    /// <summary>Whether two handles mean different ops.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    public static bool operator !=(MlOp left, MlOp right) => left._header != right._header;

    /// <summary>Sets an input buffer; lower ones are set first.</summary>
    /// <param name="index">From 0 to below the pool's buffers each way.</param>
    /// <param name="buffer">The buffer.</param>
    public void SetInput(int index, MlBuffer buffer)
    {
        Check(index);
        Buffers[index] = buffer;
        _header->InputCount = (byte)Math.Max(_header->InputCount, index + 1);
    }

    /// <summary>Sets an output buffer; lower ones are set first.</summary>
    /// <param name="index">From 0 to below the pool's buffers each way.</param>
    /// <param name="buffer">The buffer.</param>
    public void SetOutput(int index, MlBuffer buffer)
    {
        Check(index);
        Buffers[_header->BufferMax + index] = buffer;
        _header->OutputCount = (byte)Math.Max(_header->OutputCount, index + 1);
    }

    /// <summary>An input buffer.</summary>
    /// <param name="index">From 0 to below <see cref="InputCount"/>.</param>
    public ref readonly MlBuffer GetInput(int index)
    {
        Check(index);
        return ref Buffers[index];
    }

    /// <summary>An output buffer.</summary>
    /// <param name="index">From 0 to below <see cref="OutputCount"/>.</param>
    public ref readonly MlBuffer GetOutput(int index)
    {
        Check(index);
        return ref Buffers[_header->BufferMax + index];
    }

    /// <inheritdoc/>
    public void Free()
    {
        MlOp self = this;
        OpPool<MlOp>.FromHandle(_header->Pool).FreeBulk(new ReadOnlySpan<MlOp>(in self));
    }

    /// <inheritdoc/>
    public void FreeWithBuffers()
    {
        // One packet may carry several buffers: each mbuf is freed once.
        MlBuffer* buffers = Buffers;
        int count = _header->BufferMax * 2;
        for (int i = 0; i < count; i++)
        {
            bool seen = buffers[i].Mbuf.IsNull;
            for (int j = 0; j < i && !seen; j++)
            {
                seen = buffers[j].Mbuf == buffers[i].Mbuf;
            }

            if (!seen)
            {
                buffers[i].Mbuf.Free();
            }
        }

        Free();
    }

    /// <inheritdoc/>
    public bool Equals(MlOp other) => _header == other._header;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is MlOp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ((nint)_header).GetHashCode();

    static void IOp.Reset(nint address, nint pool, ulong geometry)
    {
        // SAFETY: the pool's objects are MlOpHeader.Size and twice geometry buffers long.
        var header = (MlOpHeader*)address;
        Unsafe.InitBlockUnaligned(header, 0, (uint)(MlOpHeader.Size + ((int)geometry * 2 * MlBuffer.Size)));
        header->Pool = pool;
        header->Status = OpStatus.NotProcessed;
        header->BatchCount = 1;
        header->BufferMax = (ushort)geometry;
    }

    void IOp.Wipe()
    {
    }

    private void Check(int index)
    {
        if ((uint)index >= _header->BufferMax)
        {
            throw new ArgumentOutOfRangeException(
                nameof(index), index, $"The op has room for {_header->BufferMax} buffers each way.");
        }
    }
}
