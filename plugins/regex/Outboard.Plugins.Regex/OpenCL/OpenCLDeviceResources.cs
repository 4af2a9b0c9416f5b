using Outboard.OpenCL;

namespace Outboard.Plugins.Regex.OpenCL;

/// <summary>What the queue pairs of a device share.</summary>
internal sealed record OpenCLDeviceResources(OpenCLContext Context, OpenCLProgram Program, OpenCLTuning Tuning);
