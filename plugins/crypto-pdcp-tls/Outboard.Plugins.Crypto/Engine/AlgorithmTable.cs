using Outboard.Crypto;
using Outboard.Plugins.Crypto.Kernels.AesCbc;
using Outboard.Plugins.Crypto.Kernels.AesCcm;
using Outboard.Plugins.Crypto.Kernels.AesCmac;
using Outboard.Plugins.Crypto.Kernels.AesCtr;
using Outboard.Plugins.Crypto.Kernels.AesGcm;
using Outboard.Plugins.Crypto.Kernels.AesNr256;
using Outboard.Plugins.Crypto.Kernels.AesXcbc;
using Outboard.Plugins.Crypto.Kernels.ChaCha20;
using Outboard.Plugins.Crypto.Kernels.Sha;
using Outboard.Plugins.Crypto.Kernels.Snow3g;
using Outboard.Plugins.Crypto.Kernels.TlsCbc;
using Outboard.Plugins.Crypto.Kernels.TripleDes;
using Outboard.Plugins.Crypto.Kernels.Zuc;
using Outboard.Plugins.Crypto.Kernels.Zuc256;
using Outboard.Simd;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>The symmetric algorithms of the device: what each takes, and the unit that does it. The capability table is this list.</summary>
internal sealed class AlgorithmTable
{
    private const int HmacKeyLengthMax = 1024;

    private static readonly SizeRange s_aesKeys = new(16, 32, 8);
    private static readonly SizeRange s_block = SizeRange.Only(16);
    private static readonly SizeRange s_codes = new(4, 16, 1);
    private static readonly SizeRange s_none = SizeRange.Only(0);
    private static readonly SizeRange s_anyAad = new(0, ushort.MaxValue, 1);

    private readonly AlgorithmEntry?[] _ciphers = new AlgorithmEntry?[Enum.GetValues<CipherAlgorithm>().Length];
    private readonly AlgorithmEntry?[] _auths = new AlgorithmEntry?[Enum.GetValues<AuthAlgorithm>().Length];
    private readonly AlgorithmEntry?[] _aeads = new AlgorithmEntry?[Enum.GetValues<AeadAlgorithm>().Length];
    private readonly Dictionary<int, CryptoUnit> _openers = [];
    private readonly List<CryptoUnit> _units = [];
    private readonly List<CryptoCapability> _capabilities = [];

    /// <summary>Chooses a kernel for every algorithm.</summary>
    /// <param name="selector">The widths allowed.</param>
    /// <param name="emit">Whether emitted kernels may be chosen.</param>
    /// <remarks>
    /// A counter-mode IV of 12 bytes is nonce and IV of RFC 3686 with a 32-bit counter from 1; of 16 bytes the whole first block.
    /// A GCM nonce of 12 bytes is used as it stands, others are hashed. SP 800-38D 5.2.1.2 allows tags of 4, 8 and 12 to 16 bytes; the
    /// lengths between are there for the range to be one, and are weaker than they look. NIA5, NIA6 and the NCAs expect the length of
    /// the code in the first byte of the IV; the device takes the IV as it is given.
    /// </remarks>
    public AlgorithmTable(SimdSelector selector, bool emit)
    {
        AddCiphers(selector, emit);
        AddCodes(selector, emit);
        AddHashes(selector, emit);
        AddAeads(selector, emit);
        AddOpeners(selector, emit);
    }

    /// <summary>The capability table.</summary>
    public IReadOnlyList<CryptoCapability> Capabilities => _capabilities;

    /// <summary>The units, each once.</summary>
    public IReadOnlyList<CryptoUnit> Units => _units;

    /// <summary>A cipher, or null where the device does not have it.</summary>
    public AlgorithmEntry? Find(CipherAlgorithm algorithm) => At(_ciphers, (int)algorithm);

    /// <summary>An authentication, or null where the device does not have it.</summary>
    public AlgorithmEntry? Find(AuthAlgorithm algorithm) => At(_auths, (int)algorithm);

    /// <summary>An AEAD, or null where the device does not have it.</summary>
    public AlgorithmEntry? Find(AeadAlgorithm algorithm) => At(_aeads, (int)algorithm);

    /// <summary>What takes apart the fragments of CBC records with an HMAC of so many bytes, or null where the device does not have it.</summary>
    public CryptoUnit? FindTlsCbc(int macLength) => _openers.GetValueOrDefault(macLength);

    private void AddCiphers(SimdSelector selector, bool emit)
    {
        Add(null, new CipherCapability(CipherAlgorithm.Null, 1, s_none, s_none), countsBits: true);
        Add(AesCbcUnit.Build(selector, emit), new CipherCapability(CipherAlgorithm.AesCbc, 16, s_aesKeys, s_block));
        Add(AesCtrUnit.Build(selector, emit), new CipherCapability(CipherAlgorithm.AesCtr, 1, s_aesKeys, new SizeRange(12, 16, 4)));
        Add(
            ChaCha20Unit.Build(selector, emit),
            new CipherCapability(CipherAlgorithm.ChaCha20, 1, SizeRange.Only(32), new SizeRange(12, 16, 4)));
        Add(
            Snow3gUea2Unit.Build(selector, emit),
            new CipherCapability(CipherAlgorithm.Snow3gUea2, 1, s_block, s_block),
            countsBits: true);
        Add(ZucEea3Unit.Build(selector, emit), new CipherCapability(CipherAlgorithm.ZucEea3, 1, s_block, s_block), countsBits: true);
        Add(AesNea5Unit.Build(selector, emit), new CipherCapability(CipherAlgorithm.AesNea5, 1, SizeRange.Only(32), s_block));
        Add(
            ZucNea6Unit.Build(selector, emit),
            new CipherCapability(CipherAlgorithm.ZucNea6, 1, SizeRange.Only(32), s_block),
            countsBits: true);
        Add(
            TripleDesCbcUnit.Build(selector, emit),
            new CipherCapability(CipherAlgorithm.TripleDesCbc, 8, new SizeRange(8, 24, 8), SizeRange.Only(8)));
    }

    private void AddCodes(SimdSelector selector, bool emit)
    {
        Add(null, new AuthCapability(AuthAlgorithm.Null, s_none, new SizeRange(0, 16, 1), s_none), 16, countsBits: true);
        Add(
            AesCmacUnit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.AesCmac, s_aesKeys, s_codes, s_none),
            16,
            countsBits: true);
        Add(AesXcbcUnit.Build(selector, emit), new AuthCapability(AuthAlgorithm.AesXcbcMac, s_block, s_codes, s_none), 16);
        Add(
            AesGmacUnit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.AesGmac, s_aesKeys, s_codes, new SizeRange(1, CryptoOp.LongIvLengthMax, 1)),
            16);
        Add(
            Snow3gUia2Unit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.Snow3gUia2, s_block, SizeRange.Only(4), s_block),
            4,
            countsBits: true);
        Add(
            ZucEia3Unit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.ZucEia3, s_block, SizeRange.Only(4), s_block),
            4,
            countsBits: true);
        Add(
            AesNia5Unit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.AesNia5, SizeRange.Only(32), s_codes, s_block),
            16);
        Add(
            ZucNia6Unit.Build(selector, emit),
            new AuthCapability(AuthAlgorithm.ZucNia6, SizeRange.Only(32), s_codes, s_block),
            16);
    }

    private void AddHashes(SimdSelector selector, bool emit)
    {
        ReadOnlySpan<(AuthAlgorithm Plain, AuthAlgorithm Keyed, HashVariant Variant)> hashes =
        [
            (AuthAlgorithm.Sha1, AuthAlgorithm.HmacSha1, HashVariant.Sha1),
            (AuthAlgorithm.Sha224, AuthAlgorithm.HmacSha224, HashVariant.Sha224),
            (AuthAlgorithm.Sha256, AuthAlgorithm.HmacSha256, HashVariant.Sha256),
            (AuthAlgorithm.Sha384, AuthAlgorithm.HmacSha384, HashVariant.Sha384),
            (AuthAlgorithm.Sha512, AuthAlgorithm.HmacSha512, HashVariant.Sha512),
        ];
        foreach ((AuthAlgorithm plain, AuthAlgorithm keyed, HashVariant variant) in hashes)
        {
            int length = variant.DigestLength;
            Add(
                ShaUnit.Build(selector, emit, variant, isKeyed: false),
                new AuthCapability(plain, s_none, new SizeRange(1, length, 1), s_none),
                length);
            Add(
                ShaUnit.Build(selector, emit, variant, isKeyed: true),
                new AuthCapability(keyed, new SizeRange(0, HmacKeyLengthMax, 1), new SizeRange(4, length, 1), s_none),
                length);
        }
    }

    private void AddAeads(SimdSelector selector, bool emit)
    {
        Add(
            AesGcmUnit.Build(selector, emit),
            new AeadCapability(AeadAlgorithm.AesGcm, s_aesKeys, s_codes, s_anyAad, new SizeRange(1, CryptoOp.LongIvLengthMax, 1)),
            16);
        Add(
            AesCcmUnit.Build(selector, emit),
            new AeadCapability(AeadAlgorithm.AesCcm, s_aesKeys, new SizeRange(4, 16, 2), s_anyAad, new SizeRange(7, 13, 1)),
            16);
        Add(
            ChaCha20Poly1305Unit.Build(selector, emit),
            new AeadCapability(AeadAlgorithm.ChaCha20Poly1305, SizeRange.Only(32), s_block, s_anyAad, SizeRange.Only(12)),
            16);
        Add(
            AesNca5Unit.Build(selector, emit),
            new AeadCapability(AeadAlgorithm.AesNca5, SizeRange.Only(32), s_codes, s_anyAad, s_block),
            16);
        Add(
            ZucNca6Unit.Build(selector, emit),
            new AeadCapability(AeadAlgorithm.ZucNca6, SizeRange.Only(32), s_codes, s_anyAad, s_block),
            16);
    }

    private void AddOpeners(SimdSelector selector, bool emit)
    {
        foreach (HashVariant variant in (ReadOnlySpan<HashVariant>)[HashVariant.Sha1, HashVariant.Sha256, HashVariant.Sha384])
        {
            CryptoUnit unit = TlsCbcUnit.Build(selector, emit, variant);
            _openers.Add(variant.DigestLength, unit);
            _units.Add(unit);
        }
    }

    private static AlgorithmEntry? At(AlgorithmEntry?[] list, int index) => (uint)index < (uint)list.Length ? list[index] : null;

    private void Add(CryptoUnit? unit, CryptoCapability capability, int codeLength = 0, bool countsBits = false)
    {
        var entry = new AlgorithmEntry(unit, capability, codeLength, countsBits);
        switch (capability)
        {
            case CipherCapability cipher:
                _ciphers[(int)cipher.Algorithm] = entry;
                break;
            case AuthCapability auth:
                _auths[(int)auth.Algorithm] = entry;
                break;
            case AeadCapability aead:
                _aeads[(int)aead.Algorithm] = entry;
                break;
        }

        _capabilities.Add(capability);
        if (unit is not null)
        {
            _units.Add(unit);
        }
    }
}
