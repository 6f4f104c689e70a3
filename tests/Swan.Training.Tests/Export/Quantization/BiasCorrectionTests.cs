using Swan.Training.Export;
using static Swan.Training.Tests.Export.IntegerTowers;

namespace Swan.Training.Tests.Export;

public sealed class BiasCorrectionTests
{
    [Theory]
    [InlineData(4, 4, 1)]
    [InlineData(4, 6, 2)]
    [InlineData(3, 3, 3)] // depthwise
    [InlineData(2, 4, 2)] // depthwise, two outputs each
    public void Each_output_has_too_much_what_its_own_inputs_errors_give(int inputs, int outputs, int groups)
    {
        const int Kernel = 3;
        var random = new Random(5);
        int ofGroup = inputs / groups, inner = ofGroup * Kernel;
        float[] weights = [.. Enumerable.Range(0, outputs * inner).Select(_ => random.NextSingle() - 0.5f)];
        float[] means = [.. Enumerable.Range(0, inputs).Select(i => 1f + i)];
        Int8Channels rounded = Int8Channels.Round(weights, outputs, columns: false, largest: 7);

        double[] excess = BiasCorrection.OfKernels(weights, rounded, ofGroup, means);

        for (int o = 0; o < outputs; o++)
        {
            int group = o / (outputs / groups);
            double exact = 0, integer = 0;
            for (int i = 0; i < ofGroup; i++)
            {
                for (int k = 0; k < Kernel; k++)
                {
                    int at = (o * ofGroup + i) * Kernel + k;
                    exact += weights[at] * (double)means[group * ofGroup + i];
                    integer += rounded.Values[at] * (double)rounded.Scales[o] * means[group * ofGroup + i];
                }
            }
            Assert.Equal(integer - exact, excess[o], 1e-9);
        }
    }

    [Fact]
    public void Mean_outputs_over_calibration_inputs_come_nearer_to_those_of_float32()
    {
        byte[] tower = Convolutions(), without = Int8Arithmetic.Rewrite(tower, (graph, values) => Measure(graph, values)
            .ToDictionary(v => v.Key, v => v.Value with { Means = new float[v.Value.Means.Length] }));

        double[] expected = Means(tower);

        Assert.InRange(Distance(Means(Rewrite(tower))), 0, Distance(Means(without)) / 1.5);

        double Distance(double[] found) => Math.Sqrt(expected.Zip(found, (e, f) => (e - f) * (e - f)).Sum());

        static double[] Means(byte[] model)
        {
            float[][] all = [.. Calibration.SelectMany(batch => Run(model, batch).Chunk(Channels))];
            return [.. Enumerable.Range(0, Channels).Select(c => all.Average(row => (double)row[c]))];
        }
    }
}
