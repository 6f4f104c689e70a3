using PostgresSearch;

namespace Swan.Samples.Tests.PostgresSearch;

public sealed class PostgresCommandLineTests
{
    [Theory]
    [InlineData("No server is given. Give --connection", "search", "a river")]
    [InlineData("Give a query in words, or a file with --image", "search")]
    [InlineData("Give a query in words, or a file with --image", "search", "a river", "--image", "a.jpg")]
    [InlineData("--top is 0; expected 1 to 10000", "search", "a river", "--top", "0")]
    [InlineData("--ef is 1001; expected 1 to 1000", "search", "a river", "--ef", "1001")]
    [InlineData("sparsevec", "create", "--type", "sparsevec")]
    [InlineData("--images", "load")]
    public async Task What_is_missing_or_wrong_is_told_before_connecting(string expected, params string[] arguments)
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("SWAN_POSTGRES") is null, "SWAN_POSTGRES names a server");
        using StringWriter output = new(), errors = new();
        Assert.Equal(1, await CommandLine.RunAsync(arguments, output, errors));
        Assert.Contains(expected, errors.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_an_error_without_a_stack_trace()
    {
        using StringWriter output = new(), errors = new();
        Assert.Equal(1, await CommandLine.RunAsync(
            ["search", "a river", "--connection", "Host=/nowhere;Username=me;Database=images"], output, errors));
        Assert.Contains("nowhere", errors.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("north/airport_12.jpg", "airport")]
    [InlineData("parking-lot_3.tif", "parking-lot")]
    [InlineData("open_field_007.png", "open_field")]
    [InlineData("IMG.jpg", null)]
    [InlineData("airport_new.jpg", null)]
    [InlineData("_12.jpg", null)]
    [InlineData("airport_.jpg", null)]
    public void A_scene_is_the_name_before_an_underscore_and_a_number(string path, string? scene) =>
        Assert.Equal(scene, StoredImage.SceneOf(path));
}
