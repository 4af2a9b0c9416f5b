using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.Emitted;

/// <summary>Where the fields of a <see cref="CryptoJob"/> are, for functions that take a whole burst.</summary>
internal static unsafe class JobLayout
{
    static JobLayout()
    {
        CryptoJob job = default;
        byte* start = (byte*)&job;
        Key = (int)((byte*)&job.Key - start);
        Source = (int)((byte*)&job.Source - start);
        Destination = (int)((byte*)&job.Destination - start);
        BitLength = (int)((byte*)&job.BitLength - start);
        Iv = (int)((byte*)&job.Iv - start);
        Aad = (int)((byte*)&job.Aad - start);
        Code = (int)((byte*)&job.Code - start);
        AadLength = (int)((byte*)&job.AadLength - start);
        IvLength = (int)((byte*)&job.IvLength - start);
        Encrypt = (int)((byte*)&job.Encrypt - start);
    }

    public static int Size => sizeof(CryptoJob);

    public static int Key { get; }

    public static int Source { get; }

    public static int Destination { get; }

    public static int BitLength { get; }

    public static int Iv { get; }

    public static int Aad { get; }

    public static int Code { get; }

    public static int AadLength { get; }

    public static int IvLength { get; }

    public static int Encrypt { get; }
}
