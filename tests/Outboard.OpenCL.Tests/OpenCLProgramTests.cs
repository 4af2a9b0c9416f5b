namespace Outboard.OpenCL.Tests;

public sealed class OpenCLProgramTests
{
    [Fact]
    public void AnErrorInTheSourceComesWithTheCompilersLog()
    {
        using OpenCLContext context = TestDevice.Context();

        OpenCLException e = Assert.Throws<OpenCLException>(
            () => context.BuildProgram("__kernel void broken(__global int *x) { x[0] = not_declared; }"));

        Assert.Equal("clBuildProgram", e.Call);
        Assert.True(e.Status.Code < 0);
        Assert.Contains("not_declared", e.BuildLog);
        Assert.Contains("not_declared", e.Message);
        Assert.Equal(0, context.LiveObjectCount);
    }

    [Fact]
    public void OptionsReachTheCompiler()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLQueue queue = context.CreateQueue();
        using OpenCLBuffer buffer = context.CreateBuffer(4);
        using OpenCLProgram program = context.BuildProgram(
            "__kernel void set(__global int *x) { x[0] = ANSWER; }", "-D ANSWER=42");
        using OpenCLKernel kernel = program.CreateKernel("set");
        int answer = 0;

        Assert.Equal(1, kernel.ArgumentCount);
        Assert.True(kernel.WorkGroupSizeMax > 0);
        Assert.True(kernel.WorkGroupSizeMultiple > 0);
        Assert.True(kernel.SetArgument(0, buffer).IsSuccess);
        Assert.True(queue.Launch(kernel, OpenCLRange.Line(1)).IsSuccess);
        queue.Read(buffer, 0, System.Runtime.InteropServices.MemoryMarshal.AsBytes(new Span<int>(ref answer)));

        Assert.Equal(42, answer);
    }

    [Fact]
    public void AKernelThatIsNotThereIsNamed()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLProgram program = context.BuildProgram(Kernels.Source);

        OpenCLException e = Assert.Throws<OpenCLException>(() => program.CreateKernel("nowhere"));

        Assert.Equal("CL_INVALID_KERNEL_NAME", e.Status.Name);
        Assert.Contains("'nowhere'", e.Message);
    }

    [Fact]
    public void ABadArgumentIsAStatus()
    {
        using OpenCLContext context = TestDevice.Context();
        using OpenCLProgram program = context.BuildProgram(Kernels.Source);
        using OpenCLKernel kernel = program.CreateKernel("fill");

        Assert.Equal("CL_INVALID_ARG_INDEX", kernel.SetArgument(2, 1).Name);
        Assert.Equal("CL_INVALID_ARG_SIZE", kernel.SetArgument(1, 1L).Name);
        Assert.True(kernel.SetArgument(1, 1).IsSuccess);
    }

    [Fact]
    public void DisposingAProgramDisposesItsKernels()
    {
        using OpenCLContext context = TestDevice.Context();
        OpenCLProgram program = context.BuildProgram(Kernels.Source);
        program.CreateKernel("fill");
        program.CreateKernel("grid").Dispose();
        Assert.Equal(2, context.LiveObjectCount);

        program.Dispose();
        program.Dispose();

        Assert.Equal(0, context.LiveObjectCount);
        Assert.Throws<ObjectDisposedException>(() => program.CreateKernel("fill"));
    }
}
