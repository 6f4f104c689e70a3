using Microsoft.ML;
using Swan.MLNet.DataViews;
using Swan.MLNet.Portable;

namespace Swan.MLNet.Tests.Portable;

public sealed class PortableStepTests
{
    [Theory]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, 2 }, 0f)]
    [InlineData(new float[] { 1, float.NaN }, new float[] { 0.5f, float.NaN }, 0.5f)]
    [InlineData(new float[] { 1, 2 }, new float[] { 1, float.NaN }, float.PositiveInfinity)]
    [InlineData(new float[] { 1, float.NaN, 3 }, new float[] { 1, 2, 3 }, float.PositiveInfinity)]
    [InlineData(new float[] { 1 }, new float[] { 1, 2 }, float.PositiveInfinity)]
    public void The_largest_difference_counts_and_a_missing_value_on_one_side_is_one(float[] expected, float[] found, float difference) =>
        Assert.Equal(difference, new Step(expected, found).Compare(null!, ""));

    [Fact]
    public void A_step_whose_replacement_differs_is_not_saved()
    {
        var same = new Step([0.5f], [0.5f + 5e-6f]);
        Assert.InRange(same.ThrowIfDifferent(null!, ""), 4e-6f, 6e-6f);
        var other = new Step([0.5f], [0.5f + 2e-5f]);
        Assert.Contains("a step and the stock components that replace it differ",
            Assert.Throws<InvalidOperationException>(() => other.ThrowIfDifferent(null!, "")).Message, StringComparison.Ordinal);
    }

    private sealed class Step(float[] expected, float[] found) : PortableStep(new OwnCatalogs(new MLContext()))
    {
        public override string Name => "a step";

        public override IEnumerable<string> Refusals() => [];

        public override IReadOnlyList<ITransformer> Build(IDataView data, string folder) => [];

        public override float Compare(ITransformer stock, string folder) => Difference(expected, found);
    }
}
