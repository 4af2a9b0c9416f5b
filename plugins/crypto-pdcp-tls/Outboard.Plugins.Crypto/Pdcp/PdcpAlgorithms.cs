using Outboard.Crypto;
using Outboard.Plugins.Crypto.Engine;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Pdcp;

/// <summary>The algorithms behind NEA and NIA, and the initialisation vectors that they take (TS 33.401 Annex B and C, TS 33.501 Annex D).</summary>
internal static class PdcpAlgorithms
{
    /// <summary>Bytes of the initialisation vectors below.</summary>
    public const int IvLength = 16;

    /// <summary>The unit of a ciphering algorithm; null for NEA0.</summary>
    public static CryptoUnit? Find(AlgorithmTable table, PdcpCipher cipher) => cipher switch
    {
        PdcpCipher.Nea1 => table.Find(CipherAlgorithm.Snow3gUea2)!.Unit,
        PdcpCipher.Nea2 => table.Find(CipherAlgorithm.AesCtr)!.Unit,
        PdcpCipher.Nea3 => table.Find(CipherAlgorithm.ZucEea3)!.Unit,
        _ => null,
    };

    /// <summary>The unit of an integrity algorithm; null for none and NIA0.</summary>
    public static CryptoUnit? Find(AlgorithmTable table, PdcpIntegrity integrity) => integrity switch
    {
        PdcpIntegrity.Nia1 => table.Find(AuthAlgorithm.Snow3gUia2)!.Unit,
        PdcpIntegrity.Nia2 => table.Find(AuthAlgorithm.AesCmac)!.Unit,
        PdcpIntegrity.Nia3 => table.Find(AuthAlgorithm.ZucEia3)!.Unit,
        _ => null,
    };

    /// <summary>Ciphering: COUNT, bearer and direction in eight bytes; NEA2 counts in the eight zeros behind them, the others repeat them.</summary>
    public static void WriteCipherIv(Span<byte> iv, PdcpCipher cipher, uint count, int bearer, int direction)
    {
        PdcpPdu.WriteInput(iv, count, bearer, direction);
        if (cipher == PdcpCipher.Nea2)
        {
            iv[8..IvLength].Clear();
        }
        else
        {
            iv[..8].CopyTo(iv[8..]);
        }
    }

    /// <summary>Integrity of NIA1 and NIA3: COUNT and bearer twice, with the direction in the top bit of the ninth and fifteenth byte.</summary>
    /// <remarks>The bearer is the top of FRESH for NIA1 (TS 33.401 B.2.2), and the same five bits for NIA3 (B.2.4).</remarks>
    public static void WriteIntegrityIv(Span<byte> iv, uint count, int bearer, int direction)
    {
        PdcpPdu.WriteInput(iv, count, bearer, direction: 0);
        iv[..8].CopyTo(iv[8..]);
        iv[8] ^= (byte)(direction << 7);
        iv[14] ^= (byte)(direction << 7);
    }
}
