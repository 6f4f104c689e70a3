using Swan.Cli.Bench;

namespace Swan.Cli.Tests.Bench;

public sealed class ProcessorUseTests
{
    // User, nice, system, idle, waiting for the disk, interrupts, soft ones, stolen, and guests, who are in user already.
    private static readonly string[] s_lines =
    [
        "cpu  1600 0 0 6400 0 0 0 0 99 0", "cpu0 100 0 0 900 0 0 0 0 99 0", "cpu1 700 100 100 50 50 0 0 0 0 0", "cpu10 1 0 0 0 0 0 0 0 0 0",
        "intr 5 5",
    ];

    [Theory]
    [InlineData("1", 10, 9)]
    [InlineData("0-1", 20, 10)]
    [InlineData("1,10", 10.01, 9.01)]
    [InlineData("", 80, 16)]
    [InlineData("64", 80, 16)]
    public void Only_processors_that_the_process_may_use_count(string allowed, double all, double busy)
    {
        (double foundAll, double foundBusy) = ProcessorUse.Sum(s_lines, ProcessorUse.Numbers(allowed));
        Assert.Equal(all, foundAll, tolerance: 1e-9);
        Assert.Equal(busy, foundBusy, tolerance: 1e-9);
    }

    [Fact]
    public void A_list_of_processors_has_numbers_and_ranges() => Assert.Equal([0, 2, 3, 4, 63], ProcessorUse.Numbers("\t0,2-4,63\n"));
}
