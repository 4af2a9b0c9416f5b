using System.Globalization;

namespace Outboard.Plugins.Crypto.Tests.Vectors;

/// <summary>One case of a file of known answers.</summary>
internal sealed class KnownAnswer(IReadOnlyDictionary<string, string> values)
{
    public bool Has(string name) => values.ContainsKey(name);

    public byte[] Bytes(string name) => Convert.FromHexString(values[name]);

    public uint Hex(string name) => Convert.ToUInt32(values[name], 16);

    public int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
}
