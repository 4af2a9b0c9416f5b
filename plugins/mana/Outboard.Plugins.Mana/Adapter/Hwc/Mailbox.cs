namespace Outboard.Plugins.Mana.Adapter.Hwc;

/// <summary>
/// The adapter's side of the shared-memory channel: eight dwords, the last of which passes ownership.
/// </summary>
internal sealed class Mailbox(HwcEndpoint channel)
{
    private const uint OwnerIsAdapter = 1u << 31;
    private const uint Response = 1u << 6;
    private const uint ResetFunction = 1u << 24;
    private const uint TypeMask = 7;
    private const uint VersionMask = 7u << 3;
    private const uint EstablishType = 1;
    private const uint DestroyType = 2;
    private const uint StatusBadType = 1;
    private const uint StatusBadContent = 2;

    private readonly uint[] _dwords = new uint[8];

    public uint Read(uint offset) => _dwords[(offset >> 2) & 7];

    public void Write(uint offset, uint value)
    {
        uint index = (offset >> 2) & 7;
        _dwords[index] = value;
        if (index == 7 && (value & OwnerIsAdapter) != 0)
        {
            uint status = Act(value);
            _dwords[7] = (value & TypeMask) | Response | (status << 8);
        }
    }

    private uint Act(uint header)
    {
        if ((header & VersionMask) != 0)
        {
            return StatusBadType;
        }

        switch (header & TypeMask)
        {
            case EstablishType:
                Span<ulong> frames = stackalloc ulong[4];
                for (int i = 0; i < 4; i++)
                {
                    frames[i] = Frame(i) | ((ulong)((_dwords[6] >> (4 * i)) & 0xF) << 48);
                }

                return channel.TryEstablish(
                    frames[0] << 12, frames[1] << 12, frames[2] << 12, frames[3] << 12, (int)(_dwords[6] >> 16))
                    ? 0
                    : StatusBadContent;
            case DestroyType:
                channel.Destroy((header & ResetFunction) != 0);
                return 0;
            default:
                return StatusBadType;
        }
    }

    /// <summary>Six bytes a page frame number, back to back over the first six dwords.</summary>
    private ulong Frame(int index)
    {
        int halfWord = index * 3;
        ulong frame = 0;
        for (int i = 2; i >= 0; i--)
        {
            int at = halfWord + i;
            frame = (frame << 16) | ((_dwords[at >> 1] >> ((at & 1) * 16)) & 0xFFFF);
        }

        return frame;
    }
}
