using System.Buffers.Binary;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Engines;
using Org.BouncyCastle.Crypto.Macs;
using Org.BouncyCastle.Crypto.Parameters;
using Outboard.Plugins.Crypto.Tests.Snow3g;
using Outboard.Plugins.Crypto.Tests.Zuc;
using Outboard.Security;

namespace Outboard.Plugins.Crypto.Tests.Pdcp;

/// <summary>TS 38.323 5.8, 5.9 and TS 33.501 Annex D by their definitions, over AES of others and the models of SNOW 3G and ZUC.</summary>
internal static class PdcpModel
{
    public static int HeaderLength(int bits) => bits switch
    {
        5 or 7 => 1,
        18 => 3,
        _ => 2,
    };

    /// <summary>The PDU of an SDU.</summary>
    public static byte[] Protect(PdcpTransform transform, uint count, byte[] sdu)
    {
        int bits = transform.SequenceNumberBits;
        byte[] header = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(header, count & ((1u << bits) - 1));
        header = header[(4 - HeaderLength(bits))..];
        header[0] |= (byte)(transform.Domain == PdcpDomain.UserPlane ? 0x80 : 0);
        int clear = transform.HasSdapHeader ? 1 : 0;
        byte[] code = Code(
            transform.Integrity, transform.IntegrityKey.ToArray(), count, transform.Bearer, (int)transform.Direction, [.. header, .. sdu]);
        return
        [
            .. header,
            .. sdu[..clear],
            .. Cipher(
                transform.Cipher, transform.CipherKey.ToArray(), count, transform.Bearer, (int)transform.Direction, [.. sdu[clear..], .. code]),
        ];
    }

    /// <summary>NEA0 to NEA3.</summary>
    public static byte[] Cipher(PdcpCipher cipher, byte[] key, uint count, int bearer, int direction, byte[] message)
    {
        // COUNT | BEARER | DIRECTION | 26 zeros, which NEA1 and NEA3 take twice and NEA2 with 64 zeros behind.
        byte[] input = Bytes(count, ((uint)bearer << 27) | ((uint)direction << 26));
        int bits = message.Length * 8;
        return cipher switch
        {
            PdcpCipher.Nea1 => Snow3gModel.Uea2(key, [.. input, .. input], message, bits, message),
            PdcpCipher.Nea2 => CounterMode(key, [.. input, .. new byte[8]], message),
            PdcpCipher.Nea3 => ZucModel.Encrypt(
                ZucModel.With128BitKey(key, [.. input, .. input]).Keystream((message.Length + 3) & ~3), message, bits),
            _ => message,
        };
    }

    /// <summary>NIA0 to NIA3: the MAC-I, or nothing where there is no integrity.</summary>
    public static byte[] Code(PdcpIntegrity integrity, byte[] key, uint count, int bearer, int direction, byte[] message)
    {
        uint top = (uint)direction << 31, low = (uint)bearer << 27;
        int bits = message.Length * 8;
        return integrity switch
        {
            PdcpIntegrity.None => [],
            PdcpIntegrity.Nia0 => new byte[4],

            // TS 35.215 4.4: IV3 = COUNT-I, IV2 = FRESH, IV1 = COUNT-I with DIRECTION in its top bit, IV0 = FRESH with DIRECTION in bit 15.
            PdcpIntegrity.Nia1 => Snow3gModel.Uia2(
                key, [.. Bytes(count, low), .. Bytes(count ^ top, low ^ ((uint)direction << 15))], message, bits)[..4],
            PdcpIntegrity.Nia2 => Cmac(key, [.. Bytes(count, low | ((uint)direction << 26)), .. message])[..4],

            // TS 35.221 4.3: the same sixteen bytes.
            _ => ZucModel.Authenticate(
                key, [.. Bytes(count, low), .. Bytes(count ^ top, low ^ ((uint)direction << 15))], message, bits),
        };
    }

    private static byte[] Bytes(uint high, uint low)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, high);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(4), low);
        return bytes;
    }

    private static byte[] CounterMode(byte[] key, byte[] counter, byte[] message)
    {
        using var aes = Aes.Create();
        aes.Key = key;
        byte[] output = [.. message];
        byte[] keystream = [];
        for (int i = 0; i < message.Length; i++)
        {
            if (i % 16 == 0)
            {
                BinaryPrimitives.WriteInt64BigEndian(counter.AsSpan(8), i / 16);
                keystream = aes.EncryptEcb(counter, PaddingMode.None);
            }

            output[i] ^= keystream[i % 16];
        }

        return output;
    }

    private static byte[] Cmac(byte[] key, byte[] message)
    {
        var mac = new CMac(new AesEngine());
        mac.Init(new KeyParameter(key));
        mac.BlockUpdate(message, 0, message.Length);
        byte[] code = new byte[16];
        mac.DoFinal(code, 0);
        return code;
    }
}
