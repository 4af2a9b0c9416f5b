namespace Outboard.Crypto;

/// <summary>The padding of an RSA session.</summary>
public enum AsymmetricPadding
{
    /// <summary>None, or not RSA.</summary>
    None,

    /// <summary>PKCS #1 version 1.5.</summary>
    Pkcs1,

    /// <summary>OAEP.</summary>
    Oaep,

    /// <summary>PSS.</summary>
    Pss,
}
