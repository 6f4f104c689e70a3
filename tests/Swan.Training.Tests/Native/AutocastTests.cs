using Swan.Training.Native;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Swan.Training.Tests.Native;

public sealed class AutocastTests
{
    [Fact]
    public void Products_are_in_bfloat16_within_the_scope_and_gradients_in_float32()
    {
        Assert.SkipUnless(Autocast.IsThere, "This libtorch doesn't show its functions.");
        using var scope = NewDisposeScope();
        using Linear linear = nn.Linear(8, 4);
        Tensor x = randn(3, 8), y;
        using (Autocast.InBfloat16(DeviceType.CPU)) y = linear.call(x);

        Assert.Equal(ScalarType.BFloat16, y.dtype);
        Assert.Equal(ScalarType.Float32, linear.call(x).dtype);
        Assert.True(y.to(ScalarType.Float32).allclose(linear.call(x), rtol: 0.05, atol: 0.05));
        y.to(ScalarType.Float32).sum().backward();
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (linear.weight!.dtype, linear.weight.grad!.dtype));
    }

    [Fact]
    public void A_weight_that_changed_between_two_scopes_is_converted_again()
    {
        Assert.SkipUnless(Autocast.IsThere, "This libtorch doesn't show its functions.");
        using var scope = NewDisposeScope();
        using Linear linear = nn.Linear(2, 1, hasBias: false);
        Assert.Equal(2, Product(1));
        Assert.Equal(6, Product(3));

        float Product(float weight)
        {
            using (no_grad()) linear.weight!.fill_(weight);
            using (Autocast.InBfloat16(DeviceType.CPU)) return linear.call(ones(1, 2)).to(ScalarType.Float32).item<float>();
        }
    }

    [Fact]
    public void A_scope_ends_after_an_error_and_touches_no_other_thread()
    {
        Assert.SkipUnless(Autocast.IsThere, "This libtorch doesn't show its functions.");
        Assert.Throws<InvalidOperationException>((Action)(() =>
        {
            using (Autocast.InBfloat16(DeviceType.CPU))
            {
                Assert.Equal(ScalarType.BFloat16, ProductType());
                ScalarType elsewhere = ScalarType.Byte;
                var thread = new Thread(() => elsewhere = ProductType());
                thread.Start();
                thread.Join();
                Assert.Equal(ScalarType.Float32, elsewhere);
                throw new InvalidOperationException();
            }
        }));
        Assert.Equal(ScalarType.Float32, ProductType());
    }

    [Fact]
    public void A_suspended_scope_computes_in_float32_and_goes_on_afterward()
    {
        Assert.SkipUnless(Autocast.IsThere, "This libtorch doesn't show its functions.");
        Assert.Null(Autocast.Suspend(DeviceType.CPU));
        using (Autocast.InBfloat16(DeviceType.CPU))
        {
            using (Autocast.Suspend(DeviceType.CPU)) Assert.Equal(ScalarType.Float32, ProductType());
            Assert.Equal(ScalarType.BFloat16, ProductType());
        }
    }

    private static ScalarType ProductType()
    {
        using var scope = NewDisposeScope();
        return ones(2, 2).matmul(ones(2, 2)).dtype;
    }
}
