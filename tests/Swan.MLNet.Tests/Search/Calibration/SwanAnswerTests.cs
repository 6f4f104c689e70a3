using Swan.MLNet.Calibration;
using Swan.MLNet.ModelFiles;
using Swan.MLNet.Models;
using Swan.MLNet.Search;

namespace Swan.MLNet.Tests.Search;

public sealed class SwanAnswerTests : IDisposable
{
    private const string Query = "green river bridge";
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModelFile _file;
    private readonly SwanIndex _index;

    public SwanAnswerTests()
    {
        _file = SwanModelFile.Read(TinyModel.Write(_folder.FullName));
        float[] rows = [.. TinyModel.DifferentCaptions(40).SelectMany(TinyModel.CaptionEmbedding)];
        _index = SwanIndex.Build(rows, TinyModel.EmbeddingSize, model: _file.Card.Identity);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(12)]
    [InlineData(100)]
    public void An_answer_has_the_hits_of_a_search_and_falling_probabilities(int k)
    {
        using SwanModel model = Calibrated();
        SwanAnswer answer = _index.AnswerCaption(model, Query, k);
        Assert.Equal(_index.SearchCaption(model, Query, k), answer.Hits.Select(h => new SwanHit(h.Key, h.Row, h.Score)));
        Assert.All(answer.Hits, hit => Assert.InRange(hit.Probability!.Value, 0, answer.ProbabilityOfAny!.Value));
        Assert.Equal(answer.ProbabilityOfAny, _index.AnswerCaption(model, Query, 5).ProbabilityOfAny);
        Assert.True(answer.Text!.IsKnown);
    }

    [Fact]
    public void Probabilities_are_those_that_the_calibration_gives_its_hits()
    {
        using SwanModel model = Calibrated();
        SwanAnswer answer = _index.AnswerCaption(model, Query, 25);
        float[] embeddings = [.. answer.Hits.SelectMany(hit => TinyModel.CaptionEmbedding(TinyModel.DifferentCaptions(40)[hit.Row]))];
        double[] probabilities = new double[25];
        double any = model.Calibration!.Judge(
            model.EmbedCaption(Query), _index.Count, [.. answer.Hits.Select(hit => hit.Score)], embeddings, probabilities);
        Assert.Equal(any, answer.ProbabilityOfAny!.Value, 1e-6);
        Assert.All(answer.Hits.Zip(probabilities), pair => Assert.Equal(pair.Second, pair.First.Probability!.Value, 1e-6));
    }

    [Fact]
    public void Below_the_default_nothing_is_found_and_zero_shows_all()
    {
        using SwanModel likely = Calibrated(bias: 5), unlikely = Calibrated(bias: -9);
        Assert.False(_index.AnswerCaption(likely, Query, 3).IsNothing());
        SwanAnswer nothing = _index.AnswerCaption(unlikely, Query, 3);
        Assert.True(nothing.IsNothing());
        Assert.False(nothing.IsNothing(0));
        Assert.Equal(3, nothing.Hits.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => nothing.IsNothing(1.1));
    }

    [Fact]
    public void Without_a_calibration_everything_is_as_before()
    {
        using SwanModel model = SwanModel.Open(_file);
        SwanAnswer answer = _index.AnswerCaption(model, Query, 3);
        Assert.Equal(_index.SearchCaption(model, Query, 3), answer.Hits.Select(h => new SwanHit(h.Key, h.Row, h.Score)));
        Assert.All(answer.Hits, hit => Assert.Null(hit.Probability));
        Assert.Equal((null, null, null), (answer.ProbabilityOfAny, answer.DefaultMinProbability, answer.Text));
        Assert.False(answer.IsNothing());
    }

    [Fact]
    public void A_page_has_the_probabilities_of_the_whole_answer()
    {
        using SwanModel model = Calibrated();
        SwanAnswer all = _index.AnswerCaption(model, Query, 20), page = _index.AnswerCaption(
            model, Query, new SwanGallerySearchOptions { K = 3, Skip = 2, MinimumScore = all.Hits[3].Score },
            TestContext.Current.CancellationToken);
        Assert.Equal(all.Hits.Skip(2).Take(2), page.Hits);
        Assert.Equal(all.ProbabilityOfAny, page.ProbabilityOfAny);
    }

    [Fact]
    public void An_empty_gallery_has_nothing()
    {
        using SwanModel model = Calibrated();
        SwanAnswer answer = SwanIndex.Build([], TinyModel.EmbeddingSize).AnswerCaption(model, Query, 3);
        Assert.Equal(0, answer.ProbabilityOfAny);
        Assert.True(answer.IsNothing(0));
    }

    [Fact]
    public void Another_models_gallery_is_refused()
    {
        using SwanModel model = Calibrated();
        SwanIndex other = _index.ForModel(new ModelIdentity("other", "0123"));
        Assert.Throws<SwanMismatchException>(() => other.AnswerCaption(model, Query, 3));
    }

    private SwanModel Calibrated(double bias = 0) =>
        SwanModel.Open(_file.WithCalibration(TinyCalibration.Create(_file, bias: bias).ToJson()));
}
