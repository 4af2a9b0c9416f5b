using System.Runtime.InteropServices;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Kernels.Ghash;
using Outboard.Plugins.Crypto.Keys;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Tests.Kernels;

/// <summary>One kernel of each operation behind plain calls over spans, so that a test can loop over widths.</summary>
public abstract class KernelSet
{
    private static readonly KernelSet[] s_all =
    [
        new KernelSet<AesCtrScalar, GhashScalar, AesGcmScalar>(),
        new KernelSet<AesCtrVector128, GhashVector128, AesGcmVector128>(),
        new KernelSet<AesCtrVector256, GhashVector256, AesGcmVector256>(),
        new KernelSet<AesCtrVector512, GhashVector512, AesGcmVector512>(),
    ];

    public static TheoryData<KernelSet> All
    {
        get
        {
            var data = new TheoryData<KernelSet>();
            foreach (KernelSet set in s_all)
            {
                data.Add(set);
            }

            return data;
        }
    }

    internal static KernelSet Scalar => s_all[0];

    internal abstract SimdWidth Width { get; }

    internal abstract bool IsSupported { get; }

    internal abstract void Ctr(ref AesKey key, Span<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination);

    internal abstract void Ctr32(ref AesKey key, Span<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination);

    internal abstract void Ghash(ref AesKey key, Span<byte> hash, ReadOnlySpan<byte> data);

    internal abstract void GcmBlocks(
        ref AesKey key, bool encrypt, Span<byte> counter, Span<byte> hash, ReadOnlySpan<byte> source, Span<byte> destination);

    internal abstract void Gcm(
        ref AesKey key,
        bool encrypt,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> associated,
        ReadOnlySpan<byte> source,
        Span<byte> destination,
        Span<byte> tag);

    internal void SkipUnlessSupported() => Assert.SkipUnless(IsSupported, $"this CPU lacks the instructions of the {Width} kernels");

    internal abstract string Name { get; }

    public override string ToString() => $"{Width} {Name}";
}

internal sealed class KernelSet<TCtr, TGhash, TGcm> : KernelSet
    where TCtr : struct, IAesCtrKernel
    where TGhash : struct, IGhashKernel
    where TGcm : struct, IAesGcmKernel
{
    internal override SimdWidth Width => TGcm.Width;

    internal override string Name => TGcm.Name;

    internal override bool IsSupported => TCtr.IsSupported && TGhash.IsSupported && TGcm.IsSupported;

    internal override void Ctr(ref AesKey key, Span<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination) =>
        TCtr.Apply(ref key, ref First(counter), ref First(source), ref First(destination), (nuint)source.Length);

    internal override void Ctr32(ref AesKey key, Span<byte> counter, ReadOnlySpan<byte> source, Span<byte> destination) =>
        TCtr.Apply32(ref key, ref First(counter), ref First(source), ref First(destination), (nuint)source.Length);

    internal override void Ghash(ref AesKey key, Span<byte> hash, ReadOnlySpan<byte> data) =>
        TGhash.Update(ref key, ref First(hash), ref First(data), (nuint)data.Length / 16);

    internal override void GcmBlocks(
        ref AesKey key, bool encrypt, Span<byte> counter, Span<byte> hash, ReadOnlySpan<byte> source, Span<byte> destination)
    {
        nuint blocks = (nuint)source.Length / 16;
        if (encrypt)
        {
            TGcm.Encrypt(ref key, ref First(counter), ref First(hash), ref First(source), ref First(destination), blocks);
        }
        else
        {
            TGcm.Decrypt(ref key, ref First(counter), ref First(hash), ref First(source), ref First(destination), blocks);
        }
    }

    internal override unsafe void Gcm(
        ref AesKey key,
        bool encrypt,
        ReadOnlySpan<byte> iv,
        ReadOnlySpan<byte> associated,
        ReadOnlySpan<byte> source,
        Span<byte> destination,
        Span<byte> tag)
    {
        fixed (AesKey* keyAddress = &key)
        fixed (byte* ivAddress = iv, aad = &First(associated), from = &First(source), to = &First(destination), code = tag)
        {
            var job = new CryptoJob
            {
                Key = (byte*)keyAddress,
                Source = from,
                Destination = to,
                BitLength = (nuint)source.Length * 8,
                Iv = ivAddress,
                IvLength = iv.Length,
                Aad = aad,
                AadLength = associated.Length,
                Code = code,
                CodeLength = tag.Length,
                Encrypt = encrypt,
            };
            GcmJob<TGcm>.Run(&job, associatedIsReady: false);
        }
    }

    private static ref byte First(ReadOnlySpan<byte> span) => ref MemoryMarshal.GetReference(span);
}
