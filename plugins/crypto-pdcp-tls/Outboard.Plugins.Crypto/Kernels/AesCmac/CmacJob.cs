using Outboard.Plugins.Crypto.Keys;

namespace Outboard.Plugins.Crypto.Kernels.AesCmac;

/// <summary>A run of whole blocks of one message.</summary>
internal unsafe struct CmacJob
{
    public AesKey* Key;
    public byte* State;
    public byte* Data;
    public nuint BlockCount;
}
