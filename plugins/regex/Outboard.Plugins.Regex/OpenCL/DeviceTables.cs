using System.Runtime.InteropServices;
using Outboard.OpenCL;
using Outboard.Plugins.Regex.Engine;
using Outboard.Plugins.Regex.Literals;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>A compiled rule set with its filter tables on the device. Owns their buffers; made and released on the control path.</summary>
internal sealed class DeviceTables : IDisposable
{
    private readonly List<OpenCLBuffer> _buffers = [];

    /// <param name="context">The device's context.</param>
    /// <param name="uploads">Takes the tables to the device.</param>
    /// <param name="database">The rules.</param>
    /// <param name="byteCountMax">Longest buffer.</param>
    /// <param name="version">Greater than that of every rule set before.</param>
    /// <exception cref="OpenCLException">The device refused a buffer.</exception>
    /// <exception cref="NotSupportedException">A table is longer than the device's longest buffer.</exception>
    public DeviceTables(OpenCLContext context, OpenCLQueue uploads, RegexDatabase database, ulong byteCountMax, long version)
    {
        Database = database;
        Version = version;
        Literals = LiteralFilter.Build(database.Specs.Select(static spec => (ReadOnlyMemory<MaskedByte>)spec.Bytes));
        Wakes = WakeTables.Of(database.Wakes);
        try
        {
            if (Literals is { } literals)
            {
                ulong[] classes =
                    [.. literals.Classes.SelectMany(static c => new[] { c.Mask, (ulong)c.BitmapStart, (ulong)c.Shift, (ulong)c.Width })];
                LiteralClasses = Upload<ulong>("literal classes", classes);
                LiteralBitmaps = Upload<uint>("literal bitmaps", literals.Bitmaps);
            }

            if (Wakes is { } wakes)
            {
                WakeHeaders = Upload<uint>("automaton headers", wakes.Headers);
                WakeMaps = Upload<byte>("byte classes", wakes.Maps);
                WakeEntries = Upload<uint>("automaton tables", wakes.Entries);
            }
        }
        catch
        {
            Dispose();
            throw;
        }

        OpenCLBuffer Upload<T>(string what, ReadOnlySpan<T> values)
            where T : unmanaged
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values);
            if ((ulong)bytes.Length > byteCountMax)
            {
                throw new NotSupportedException(
                    $"the rules need {bytes.Length} bytes of {what}, and {context.Device.Name} takes at most {byteCountMax} bytes "
                    + "in one buffer; give it fewer rules, or use regex_simd");
            }

            OpenCLBuffer made = context.CreateBuffer((nuint)bytes.Length, OpenCLAccess.Read);
            _buffers.Add(made);
            uploads.Write(made, 0, bytes);
            ByteCount += bytes.Length;
            return made;
        }
    }

    public RegexDatabase Database { get; }

    /// <summary>Counts rule sets up, so that the older of two can be told.</summary>
    public long Version { get; }

    /// <summary>Null when no rule has a literal.</summary>
    public LiteralFilter? Literals { get; }

    /// <summary>Null when no rule needs an automaton that reads every byte.</summary>
    public WakeTables? Wakes { get; }

    public OpenCLBuffer? LiteralClasses { get; }

    public OpenCLBuffer? LiteralBitmaps { get; }

    public OpenCLBuffer? WakeHeaders { get; }

    public OpenCLBuffer? WakeMaps { get; }

    public OpenCLBuffer? WakeEntries { get; }

    /// <summary>Bytes on the device.</summary>
    public long ByteCount { get; private set; }

    public void Dispose()
    {
        foreach (OpenCLBuffer buffer in _buffers)
        {
            buffer.Dispose();
        }

        _buffers.Clear();
    }
}
