namespace Outboard.OpenCL.Tests;

public sealed class OpenCLStatusTests
{
    [Theory]
    [InlineData(0, "CL_SUCCESS")]
    [InlineData(-5, "CL_OUT_OF_RESOURCES")]
    [InlineData(-11, "CL_BUILD_PROGRAM_FAILURE")]
    [InlineData(-54, "CL_INVALID_WORK_GROUP_SIZE")]
    [InlineData(-1001, "CL_PLATFORM_NOT_FOUND_KHR")]
    [InlineData(-9999, "an OpenCL code without a standard name")]
    public void ACodeHasItsName(int code, string name)
    {
        var status = new OpenCLStatus(code);

        Assert.Equal(name, status.Name);
        Assert.Equal(code == 0, status.IsSuccess);
        Assert.Equal(new OpenCLStatus(code), status);
    }

    [Fact]
    public void AFailureThrowsWithCallNameAndCode()
    {
        OpenCLException e = Assert.Throws<OpenCLException>(
            static () => new OpenCLStatus(-61).ThrowIfFailed("clCreateBuffer"));

        Assert.Equal("clCreateBuffer", e.Call);
        Assert.Equal(-61, e.Status.Code);
        Assert.Equal("clCreateBuffer failed with CL_INVALID_BUFFER_SIZE (-61)", e.Message);
        Assert.Null(e.BuildLog);
    }
}
