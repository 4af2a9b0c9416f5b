namespace Outboard.Plugins.Mana.Gdma;

/// <summary>Event entries of 16 bytes, as the driver reads them (reference 1.7).</summary>
internal static unsafe class EventEntry
{
    public const int Size = 16;

    public const uint Completion = 3;
    public const uint Test = 64;
    public const uint HwcInitEqIdDoorbell = 129;
    public const uint HwcInitData = 130;
    public const uint HwcInitDone = 131;
    public const uint SocReconfigData = 133;

    public static uint Trailer(byte* entry) => Volatile.Read(ref *(uint*)(entry + 12));

    public static uint Owner(uint trailer) => trailer >> 29;

    public static uint Type(uint trailer) => trailer & 0xFF;

    public static uint Data(byte* entry) => *(uint*)entry;
}
