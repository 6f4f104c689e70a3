using Swan.Cli.Commands;

namespace Swan.Cli.Tests.Commands;

public sealed class ShardNumbersTests
{
    [Theory]
    [InlineData("7", "7")]
    [InlineData("0-3,9", "0 1 2 3 9")]
    [InlineData("7-399:100", "7 107 207 307")]
    [InlineData("7-8:100", "7")]
    [InlineData("3,1-3", "3 1 2")]
    [InlineData("2147483646-2147483647", "2147483646 2147483647")]
    public void Shards_are_named_as_Slurm_and_the_status_name_them(string text, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', ShardNumbers.Parse(text)!));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1-")]
    [InlineData("3-1")]
    [InlineData("1,,2")]
    [InlineData("1-9:0")]
    [InlineData("7:2")]
    [InlineData("0x1")]
    [InlineData("1 - 3")]
    [InlineData("99999999999")]
    [InlineData("0-2147483647")] // more than any run has
    [InlineData("0-9%2")] // Slurm's limit of tasks at a time is none of shards
    public void Anything_else_names_no_shards(string text) => Assert.Null(ShardNumbers.Parse(text));
}
