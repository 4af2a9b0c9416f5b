using System.Runtime.InteropServices;

namespace Outboard.Plugins.Crypto.Engine;

/// <summary>One message that a <see cref="CryptoUnit"/> works on; the messages of a burst are handed over side by side.</summary>
/// <remarks>
/// Everything is checked before a job is made, and a message lies in one piece: what an mbuf chain scatters, or what starts inside a
/// byte, has been gathered. A unit may change a job as it goes; the caller reads none of it afterwards.
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct CryptoJob
{
    /// <summary>The expanded key, as <see cref="CryptoUnit.ExpandKey"/> left it.</summary>
    public byte* Key;

    /// <summary>The message; may have any alignment, and is not null even where it is empty.</summary>
    public byte* Source;

    /// <summary>Where a cipher or AEAD writes: the source itself, or bytes that do not touch it. Authentications leave it alone.</summary>
    public byte* Destination;

    /// <summary>Bits of the message. Whole bytes but for the algorithms that count bits; bits of the last byte behind it stay as they are.</summary>
    public nuint BitLength;

    /// <summary>The initialisation vector of <see cref="IvLength"/> bytes.</summary>
    public byte* Iv;

    /// <summary>Associated data of an AEAD; of an authentication, bytes that are taken as if they stood before the message.</summary>
    public byte* Aad;

    /// <summary>
    /// Where an authentication or AEAD writes its code, whole, in either direction: comparing and cutting are the caller's. Room for
    /// <see cref="CodeRoom"/> bytes that are the job's alone.
    /// </summary>
    public byte* Code;

    /// <summary>Bytes of associated data. Authentications are given at most <see cref="PrefixLengthMax"/>.</summary>
    public int AadLength;

    /// <summary>Bytes of the initialisation vector.</summary>
    public int IvLength;

    /// <summary>Bytes of the code that will be used: part of what CCM and the 256-bit NR algorithms authenticate.</summary>
    public int CodeLength;

    /// <summary>The direction of a cipher or AEAD.</summary>
    public bool Encrypt;

    /// <summary>Room behind <see cref="Code"/>: the longest code there is, SHA-512's.</summary>
    public const int CodeRoom = 64;

    /// <summary>Most bytes before the message of an authentication: the pseudo header of a TLS record is 13, NIA2 has 8.</summary>
    public const int PrefixLengthMax = 16;

    /// <summary>Bytes of the message, the last of them perhaps not whole.</summary>
    public readonly nuint Length => (BitLength + 7) >> 3;
}
