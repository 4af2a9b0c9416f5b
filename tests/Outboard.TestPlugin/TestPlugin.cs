using Google.Protobuf;
using Outboard.Devices;
using Outboard.Plugins;

namespace Outboard.TestPlugin;

/// <summary>Registers the driver, and one that is absent.</summary>
/// <remarks>A file named <c>fail</c> beside the assembly makes it throw: a test's way to a plugin that breaks while it registers.</remarks>
public sealed class TestPlugin : IDevicePlugin
{
    /// <inheritdoc/>
    public void Register(IDriverRegistry registry)
    {
        string folder = Path.GetDirectoryName(typeof(TestPlugin).Assembly.Location)!;
        if (File.Exists(Path.Combine(folder, "fail")))
        {
            throw new InvalidOperationException("there is a file named fail");
        }

        // The dependency, so that it is really loaded: a field number of 2 with wire type 2.
        uint tag = WireFormat.MakeTag(2, WireFormat.WireType.LengthDelimited);
        registry.AddRegex("regex_test", context => new LiteralDriver(context, $"literals, tag {tag}"));
        registry.AddAbsent(DeviceClass.Regex, "regex_away", "it is always absent");
    }
}
