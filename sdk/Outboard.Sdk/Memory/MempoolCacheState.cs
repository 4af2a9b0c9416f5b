using System.Runtime.InteropServices;

namespace Outboard.Memory;

/// <summary>The native part of a <see cref="MempoolCache"/>; the object pointers follow it.</summary>
/// <remarks>
/// <code>
///  0 Busy  4 Attention  8 Length  12 Size  16 Half  20 Owner  24 GetCalls  32 GetObjects  40 PutCalls  48 PutObjects
/// 64 GetFailures  72 BackendGetCalls  80 BackendGetObjects  88 BackendPutCalls  96 BackendPutObjects  104 StolenObjects  128 objects
/// </code>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal struct MempoolCacheState
{
    public const int Size = 128;

    /// <summary>The owner is inside a call.</summary>
    [FieldOffset(0)] public int Busy;

    /// <summary>Bits that send the owner off the short path: another thread is stealing, or checks are on.</summary>
    [FieldOffset(4)] public int Attention;

    [FieldOffset(8)] public uint Length;
    [FieldOffset(12)] public uint Capacity;
    [FieldOffset(16)] public uint Half;
    [FieldOffset(20)] public int Owner;
    [FieldOffset(24)] public long GetCalls;
    [FieldOffset(32)] public long GetObjects;
    [FieldOffset(40)] public long PutCalls;
    [FieldOffset(48)] public long PutObjects;
    [FieldOffset(64)] public long GetFailures;
    [FieldOffset(72)] public long BackendGetCalls;
    [FieldOffset(80)] public long BackendGetObjects;
    [FieldOffset(88)] public long BackendPutCalls;
    [FieldOffset(96)] public long BackendPutObjects;
    [FieldOffset(104)] public long StolenObjects;
}
