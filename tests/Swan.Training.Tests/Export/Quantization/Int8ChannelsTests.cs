using Swan.Training.Export;

namespace Swan.Training.Tests.Export;

public sealed class Int8ChannelsTests
{
    [Theory]
    [InlineData(63)]
    [InlineData(127)]
    public void Larger_steps_keep_the_bits_that_weights_were_rounded_to(int largest)
    {
        // One outlier, which is clipped so that the others are finer.
        float[] weights = [10, .. Enumerable.Range(0, 400).Select(i => 0.02f * (i % 20))];
        Int8Channels rounded = Int8Channels.Round(weights, 1, columns: false, largest);
        Assert.True(weights[0] / rounded.Scales[0] > largest);

        Int8Channels wider = rounded.WithStepsFor(weights, columns: false, [rounded.Scales[0] * 1.01f], largest);

        Assert.Equal(largest, wider.Values.Max());
    }

    [Fact]
    public void Steps_that_are_large_enough_stay_and_others_grow()
    {
        float[] weights = [1, 0.5f, 1, 0.5f];
        Int8Channels rounded = Int8Channels.Round(weights, 2, columns: true, 63);
        float first = rounded.Scales[0];

        Int8Channels wider = rounded.WithStepsFor(weights, columns: true, [first / 2, 0.25f], 63);

        Assert.Equal([first, 0.25f], wider.Scales);
        Assert.Equal([63, 2, 63, 2], wider.Values.Select(v => (int)v));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Rounded_values_times_their_channels_scale_are_the_weights_to_a_step(bool columns)
    {
        const int Channels = 5, Inner = 200;
        var random = new Random(1);
        float[] weights = new float[Channels * Inner];
        // Channels whose sizes differ by orders of magnitude.
        for (int i = 0; i < weights.Length; i++) weights[i] = (float)((random.NextDouble() * 2 - 1) * Math.Pow(10, Channel(i) - 3));

        Int8Channels rounded = Int8Channels.Round(weights, Channels, columns);

        Assert.Equal(Channels, rounded.Scales.Length);
        for (int i = 0; i < weights.Length; i++)
        {
            float scale = rounded.Scales[Channel(i)];
            Assert.InRange(Math.Abs(weights[i] - rounded.Values[i] * scale), 0, scale);
            Assert.InRange(rounded.Values[i], -127, 127);
        }

        int Channel(int i) => columns ? i % Channels : i / Inner;
    }

    [Fact]
    public void An_outlier_is_clipped_where_that_makes_the_squared_error_smaller()
    {
        var random = new Random(2);
        float[] weights = [.. Enumerable.Range(0, 200_000).Select(_ => (float)(random.NextDouble() * 2 - 1)), 1.4f];

        Int8Channels rounded = Int8Channels.Round(weights, 1, columns: false);

        Assert.InRange(rounded.Scales[0], 1 / 127f, 1.3f / 127);
        Assert.True(Error(rounded.Scales[0]) < Error(1.4f / 127));

        double Error(float scale) => weights.Sum(w => Math.Pow(w - Math.Clamp(MathF.Round(w / scale), -127, 127) * scale, 2));
    }

    [Fact]
    public void Weights_that_fit_integers_are_kept_exactly_and_zeros_stay_zeros()
    {
        float[] weights = [.. Enumerable.Range(-127, 255).Select(i => i * 0.25f), .. new float[255]];

        Int8Channels rounded = Int8Channels.Round(weights, 2, columns: false);

        Assert.Equal(weights, rounded.Values.Select((v, i) => v * rounded.Scales[i / 255]));
    }
}
