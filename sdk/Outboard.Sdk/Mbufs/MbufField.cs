namespace Outboard.Mbufs;

/// <summary>A field that <see cref="MbufDynamics"/> made room for in every mbuf.</summary>
/// <typeparam name="T">Its type.</typeparam>
/// <param name="Name">Its name.</param>
/// <param name="Offset">Bytes from the start of the header.</param>
public readonly record struct MbufField<T>(string Name, int Offset)
    where T : unmanaged;
