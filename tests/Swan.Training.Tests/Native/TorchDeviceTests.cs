using Swan.MLNet;
using Swan.Training.Native;
using TorchSharp;

namespace Swan.Training.Tests.Native;

public sealed class TorchDeviceTests
{
    [Fact]
    public void The_cpu_is_taken_when_asked_for() =>
        Assert.Equal(DeviceType.CPU, TorchDevice.Resolve(SwanDevice.Cpu).Device.type);

    [Fact]
    public void Auto_says_what_it_took_and_why()
    {
        (torch.Device device, string why) = TorchDevice.Resolve(SwanDevice.Auto);
        Assert.Equal(torch.cuda.is_available() ? DeviceType.CUDA : DeviceType.CPU, device.type);
        Assert.Contains("because", why, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gpu_that_is_not_there_is_an_error_that_says_what_is_missing()
    {
        var e = Assert.Throws<SwanDeviceException>(() => TorchDevice.Resolve(SwanDevice.Cuda(99)));
        Assert.Contains("'cuda:99' was requested", e.Message, StringComparison.Ordinal);
        Assert.Contains(torch.cuda.is_available() ? "lower index" : "SwanGpu=true", e.Message, StringComparison.Ordinal);
    }
}
