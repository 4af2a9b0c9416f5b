namespace Outboard.Plugins.Crypto.Simd;

/// <summary>A session in an array: a plain store, where an array of references checks the type of what is stored.</summary>
internal struct SessionSlot
{
    public SimdSession Session;
}
