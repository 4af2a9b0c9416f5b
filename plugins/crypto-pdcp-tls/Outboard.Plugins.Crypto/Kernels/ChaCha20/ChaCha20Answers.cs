using System.Text;
using Outboard.Plugins.Crypto.Engine;

namespace Outboard.Plugins.Crypto.Kernels.ChaCha20;

/// <summary>The known answers of RFC 8439 that units are started with.</summary>
internal static class ChaCha20Answers
{
    // The plaintext of RFC 8439 2.4.2 and 2.8.2.
    private static byte[] Sunscreen => Encoding.ASCII.GetBytes(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.");

    /// <summary>RFC 8439 2.4.2, the counter left out and given.</summary>
    public static string? Check(CryptoUnit unit, UnitSelfTest test)
    {
        byte[] key = new byte[ChaCha20.KeyLength];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)i;
        }

        byte[] plain = Sunscreen;
        byte[] cipher = Convert.FromHexString(
            "6E2E359A2568F98041BA0728DD0D6981E97E7AEC1D4360C20A27AFCCFD9FAE0B"
            + "F91B65C5524733AB8F593DABCD62B3571639D624E65152AB8F530C359F0861D8"
            + "07CA0DBF500D6A6156A38E088A22B65E52BC514D16CCF806818CE91AB7793736"
            + "5AF90BBF74A35BE6B40B8EEDF2785E42874D");
        byte[] nonce = Convert.FromHexString("000000000000004A00000000");
        return test.Check(unit, key, nonce, [], plain, plain.Length * 8, encrypt: true, cipher, [])
            ?? test.Check(unit, key, [1, 0, 0, 0, .. nonce], [], cipher, cipher.Length * 8, encrypt: false, plain, []);
    }

    /// <summary>RFC 8439 2.8.2, both directions.</summary>
    public static string? CheckAead(CryptoUnit unit, UnitSelfTest test)
    {
        byte[] key = new byte[ChaCha20.KeyLength];
        for (int i = 0; i < key.Length; i++)
        {
            key[i] = (byte)(0x80 + i);
        }

        byte[] plain = Sunscreen;
        byte[] cipher = Convert.FromHexString(
            "D31A8D34648E60DB7B86AFBC53EF7EC2A4ADED51296E08FEA9E2B5A736EE62D6"
            + "3DBEA45E8CA9671282FAFB69DA92728B1A71DE0A9E060B2905D6A5B67ECD3B36"
            + "92DDBD7F2D778B8C9803AEE328091B58FAB324E4FAD675945585808B4831D7BC"
            + "3FF4DEF08E4B7A9DE576D26586CEC64B6116");
        byte[] nonce = Convert.FromHexString("070000004041424344454647");
        byte[] aad = Convert.FromHexString("50515253C0C1C2C3C4C5C6C7");
        byte[] code = Convert.FromHexString("1AE10B594F09E26A7E902ECBD0600691");
        return test.Check(unit, key, nonce, aad, plain, plain.Length * 8, encrypt: true, cipher, code)
            ?? test.Check(unit, key, nonce, aad, cipher, cipher.Length * 8, encrypt: false, plain, code);
    }
}
