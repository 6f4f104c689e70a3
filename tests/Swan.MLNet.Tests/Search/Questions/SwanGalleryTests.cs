using System.Xml.Linq;
using Swan.MLNet.Metadata;
using Swan.MLNet.Search;
using Swan.MLNet.Tests.Search.Scans;

namespace Swan.MLNet.Tests.Search.Questions;

public sealed class SwanGalleryTests
{
    private const int D = 24;
    private static readonly float[][] s_rows = ScanOracle.Rows(1, 300, D, spread: 0.5f);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void A_row_comes_back_by_its_key_with_embedding_and_values()
    {
        var gallery = new GalleryOfSegments(s_rows, codes: false, row => row == 5);
        Assert.True(gallery.TryGet("151", out SwanRow? row));
        Assert.Equal(("151", 151.0), (row.Key, row.Values["number"]));
        Assert.Equal(s_rows[151], row.Embedding.ToArray());
        Assert.False(gallery.TryGet("5", out _));
        Assert.False(gallery.TryGet("x", out _));
    }

    [Fact]
    public void Of_several_rows_with_a_key_an_index_gives_the_first()
    {
        SwanIndex index = SwanIndex.Build([1, 0, 0, 1, 1, 1], 2, ["a", "b", "a"], cancellationToken: Stop);
        Assert.True(index.TryGet("a", out SwanRow? row));
        Assert.Equal([1, 0], row.Embedding.ToArray());
        Assert.Empty(row.Values);
        Assert.Equal(["a", "b"], index.SearchLike("a", cancellationToken: Stop).Select(hit => hit.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void More_like_a_row_is_what_its_embedding_finds_without_itself(bool codes)
    {
        var gallery = new GalleryOfSegments(s_rows, codes, row => row % 3 == 0);
        SwanHit[] all = gallery.Search(s_rows[100], 300), like = gallery.SearchLike("100", new() { K = 300 }, Stop);
        Assert.Contains(all, hit => hit.Row == 100);
        Assert.Equal(all.Where(hit => hit.Row != 100), like);
        Assert.Equal(like[10..15], gallery.SearchLike("100", new() { K = 5, Skip = 10 }, Stop));
        Assert.Contains("'99'", Assert.Throws<KeyNotFoundException>(() => gallery.SearchLike("99", cancellationToken: Stop)).Message);
    }

    [Fact]
    public void Every_question_documents_the_errors_of_filters_and_of_damage()
    {
        Type[] options = [typeof(SwanGallerySearchOptions), typeof(SwanDuplicateOptions)];
        int questions = typeof(SwanGallery).GetMethods().Count(
            method => method.GetParameters().Any(parameter => options.Contains(parameter.ParameterType)));
        string[][] documented =
        [
            .. XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Swan.MLNet.xml")).Descendants("member")
                .Where(member => member.Attribute("name")!.Value is var name && options.Any(type => name.Contains(type.FullName!))
                    && name.StartsWith($"M:{typeof(SwanGallery).FullName}.", StringComparison.Ordinal))
                .Select(member => member.Elements("exception").Select(e => e.Attribute("cref")!.Value[2..]).ToArray()),
        ];
        Assert.Equal(questions, documented.Length);
        Type[] errors = [typeof(SwanFilterException), typeof(SwanFormatException), typeof(ArgumentOutOfRangeException)];
        Assert.All(documented, thrown => Assert.All(errors, error => Assert.Contains(error.FullName, thrown)));
    }
}
