namespace Outboard.Plugins.Regex.Literals;

/// <summary>One literal to look for.</summary>
/// <param name="Bytes">The literal; at least one byte, and each mask compares either all bits or all but the case bit.</param>
/// <param name="Owner">Whose it is; an index of the caller.</param>
/// <param name="OwnerOffset">
/// Where in the owner's match the literal begins; the same for all literals of one owner. Their hits come in ascending order of
/// start less this. <see cref="Unordered"/> where the owner asks for no order.
/// </param>
internal sealed record LiteralSpec(MaskedByte[] Bytes, int Owner, int OwnerOffset)
{
    /// <summary>The owner's hits may come in any order, which leaves more freedom to place its literals.</summary>
    public const int Unordered = -1;
}
