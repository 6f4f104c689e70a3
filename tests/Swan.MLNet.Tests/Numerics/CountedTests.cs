using Swan.MLNet.Numerics;

namespace Swan.MLNet.Tests.Numerics;

public sealed class CountedTests
{
    [Theory]
    [InlineData(0, "0 images")]
    [InlineData(1, "1 image")]
    [InlineData(2, "2 images")]
    [InlineData(12_345, "12,345 images")]
    public void One_is_one_and_others_are_several(long count, string expected) => Assert.Equal(expected, Counted.Of(count, "image"));

    [Fact]
    public void Words_that_add_no_s_are_given() =>
        Assert.Equal(("1 query", "3 queries"), (Counted.Of(1, "query", "queries"), Counted.Of(3, "query", "queries")));
}
