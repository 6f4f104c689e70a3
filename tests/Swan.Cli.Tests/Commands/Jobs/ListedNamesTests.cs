using Swan.Cli.Commands;

namespace Swan.Cli.Tests.Commands;

/// <summary>The lines of <c>swan job failed</c>.</summary>
public sealed class ListedNamesTests
{
    [Theory]
    [InlineData("s3://bucket/prefix", "a/é ?#.png", "s3://bucket/prefix/a/é ?#.png")]
    [InlineData("s3://bucket", "a.png", "s3://bucket/a.png")]
    [InlineData("az://account/container/prefix", "a%20.png", "az://account/container/prefix/a%20.png")]
    [InlineData(
        "https://account.blob.core.windows.net/container", "a/é ?#%.png",
        "https://account.blob.core.windows.net/container/a/%C3%A9%20%3F%23%25.png")]
    [InlineData("/tiles", "a/b.png", "a/b.png")]
    [InlineData("test://of-a-program", "a", "a")]
    public void Images_of_a_store_have_whole_addresses_and_others_their_names(string images, string key, string expected)
    {
        var names = new ListedNames(images, null, false, false);
        Assert.Equal((expected, null), (names.LineOf(key), names.Note));
        Assert.Equal(expected, ObjectStores.ObjectStores.WithoutSecrets(expected));
    }

    [Theory]
    [InlineData("archives", false, false, "are in archives")]
    [InlineData("manifest", true, false, "in a column of a manifest")]
    [InlineData("manifest", false, false, "lack those of the manifest.")]
    [InlineData("manifest", false, true, "lack their queries")]
    [InlineData("list", false, true, "lack their queries")]
    [InlineData("list", false, false, null)]
    public void What_lines_lack_is_said(string kind, bool isHeld, bool isSigned, string? expected)
    {
        var names = new ListedNames("s3://bucket", kind, isHeld, isSigned);
        Assert.Equal("https://h/a.png", names.LineOf("https://h/a.png"));
        if (expected is null) Assert.Null(names.Note);
        else Assert.Contains(expected, names.Note, StringComparison.Ordinal);
    }
}
