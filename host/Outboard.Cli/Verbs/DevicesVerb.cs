using System.CommandLine;
using System.Text.Json;
using Outboard.Cli.Output;
using Outboard.Devices;
using Outboard.Host;
using Outboard.Plugins;
using Outboard.Simd;
using Spectre.Console;

namespace Outboard.Cli.Verbs;

/// <summary><c>outboard devices</c>: what was loaded, what each device can do and runs on, and what is absent and why.</summary>
internal sealed class DevicesVerb() : Verb("devices", "What was loaded: class, driver, plugin, backend, kernels with their widths, capabilities.")
{
    private readonly Option<string[]> _plugins = new("--plugin")
    {
        Description = "A further plugin folder; may be given more than once.",
        HelpName = "FOLDER",
    };

    protected override void AddTo(Command command) => command.Add(_plugins);

    protected override int Run(ParseResult parsed, VerbContext context)
    {
        using var host = new OutboardHost(new OutboardHostOptions
        {
            Simd = context.Simd,
            PluginFolders = parsed.GetValue(_plugins) ?? [],
        });
        Entry[] entries = [.. host.Registry.Drivers.Select(driver => Open(host, driver))];
        if (context.IsJson)
        {
            WriteJson(context, host, entries);
        }
        else
        {
            WriteText(context, host, entries);
        }

        return CliProgram.Success;
    }

    private static Entry Open(OutboardHost host, DriverEntry driver)
    {
        if (driver.AbsentReason is { } reason)
        {
            return new Entry(driver, null, "absent", reason);
        }

        try
        {
            using Device device = host.OpenDevice(driver.Name);
            return new Entry(driver, device.BaseInfo, "present", string.Empty);
        }
        catch (Exception e)
        {
            // A list of devices that ends at the first broken one would hide the others.
            return new Entry(driver, null, "failed", e.Message.ReplaceLineEndings(" "));
        }
    }

    private static void WriteJson(VerbContext context, OutboardHost host, Entry[] entries)
    {
        context.Json.Write(json =>
        {
            json.WriteStartObject("host");
            json.WriteNumber("simd", (int)host.Simd.Maximum);
            json.WriteString("simdSource", host.Simd.Source.ToString());
            json.WriteNumber("simdRecommended", (int)SimdPolicy.Recommended);
            WriteStrings(json, "instructionSets", CpuFeatures.Supported);
            json.WriteNumber("contract", PluginManifest.CurrentContract);
            json.WriteEndObject();
        });
        foreach (PluginReport plugin in host.Plugins)
        {
            context.Json.Write(json =>
            {
                json.WriteStartObject("plugin");
                json.WriteString("name", plugin.Name);
                json.WriteString("version", plugin.Version);
                json.WriteString("folder", plugin.Folder);
                json.WriteString("state", plugin.State.ToString().ToLowerInvariant());
                json.WriteString("reason", plugin.Reason);
                WriteStrings(json, "drivers", plugin.Drivers);
                json.WriteEndObject();
            });
        }

        foreach (Entry entry in entries)
        {
            context.Json.Write(json => WriteJson(json, entry));
        }
    }

    private static void WriteJson(Utf8JsonWriter json, Entry entry)
    {
        json.WriteStartObject("device");
        json.WriteString("class", entry.Driver.Class.ToString().ToLowerInvariant());
        json.WriteString("driver", entry.Driver.Name);
        json.WriteString("plugin", entry.Driver.Plugin);
        json.WriteString("version", entry.Driver.PluginVersion);
        json.WriteString("state", entry.State);
        json.WriteString("reason", entry.Reason);
        if (entry.Info is { } info)
        {
            json.WriteString("backend", info.Backend);
            json.WriteNumber("queuePairMax", info.QueuePairMax);
            json.WriteNumber("descriptorMax", info.DescriptorMax);
            json.WriteStartArray("kernels");
            foreach (KernelChoice kernel in info.Kernels)
            {
                json.WriteStartObject();
                json.WriteString("operation", kernel.Operation);
                json.WriteNumber("width", (int)kernel.Width);
                json.WriteString("kernel", kernel.Kernel);
                json.WriteString("reason", kernel.Reason);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            WriteStrings(json, "capabilities", info.CapabilityNames);
        }

        json.WriteEndObject();
    }

    private static void WriteStrings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }

    private static void WriteText(VerbContext context, OutboardHost host, Entry[] entries)
    {
        IAnsiConsole console = context.Console;
        console.WriteLine($"SIMD limit {host.Simd}; this processor: {string.Join(' ', CpuFeatures.Supported)}");
        Table table = Tables.Create("class", "driver", "plugin", "version", "backend", ">queues", ">depth", "state");
        foreach (Entry entry in entries)
        {
            table.Add(
                entry.Driver.Class.ToString().ToLowerInvariant(),
                entry.Driver.Name,
                entry.Driver.Plugin,
                entry.Driver.PluginVersion,
                entry.Info?.Backend ?? "-",
                entry.Info?.QueuePairMax.ToString() ?? "-",
                entry.Info?.DescriptorMax.ToString() ?? "-",
                entry.Reason.Length == 0 ? entry.State : $"{entry.State}: {entry.Reason}");
        }

        console.Write(table);
        WriteKernels(console, entries);
        foreach (Entry entry in entries.Where(entry => entry.Info is not null))
        {
            console.WriteLine($"{entry.Driver.Name} can: {string.Join(", ", entry.Info!.CapabilityNames)}");
        }

        WriteRefused(console, host);
    }

    private static void WriteKernels(IAnsiConsole console, Entry[] entries)
    {
        Table table = Tables.Create("driver", "operation", ">width", "kernel", "because");
        foreach (Entry entry in entries)
        {
            foreach (KernelChoice kernel in entry.Info?.Kernels ?? [])
            {
                table.Add(entry.Driver.Name, kernel.Operation, ((int)kernel.Width).ToString(), kernel.Kernel, kernel.Reason);
            }
        }

        if (table.Rows.Count != 0)
        {
            console.Write(table);
        }
    }

    private static void WriteRefused(IAnsiConsole console, OutboardHost host)
    {
        foreach (PluginReport plugin in host.Plugins.Where(plugin => plugin.State == PluginState.Refused))
        {
            console.WriteLine($"refused: {plugin.Name} {plugin.Version} ({plugin.Folder}): {plugin.Reason}");
        }

        if (host.Plugins.Count == 0)
        {
            console.WriteLine($"no plugins were found in {OutboardHost.DefaultRoot}");
        }
    }

    private sealed record Entry(DriverEntry Driver, DeviceInfo? Info, string State, string Reason);
}
