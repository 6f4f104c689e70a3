using Swan.MLNet.Models;
using Swan.MLNet.Text;

namespace Swan.MLNet.Tests.Encoders;

public sealed class CaptionEncoderTests : IDisposable
{
    private const int Count = 600, TokensPerRun = 1024;
    private readonly TemporaryFolder _folder = new();
    private readonly SwanModel _model;
    private readonly string[] _captions;

    public CaptionEncoderTests()
    {
        // One thread: the fewest tokens in a run.
        _model = SwanModel.Open(TinyModel.Write(_folder.FullName), new SwanModelOptions { Threads = 1 });
        string[] words = [.. TinyModel.Sentences.SelectMany(sentence => sentence.Split(' '))];
        string[] different = TinyModel.DifferentCaptions(Count);
        _captions =
        [
            .. Enumerable.Range(0, Count).Select(i =>
                $"{different[i]} {string.Join(' ', Enumerable.Range(0, i % (TinyModel.MaxCaptionLength - 3)).Select(w => words[w]))}"),
        ];
    }

    public void Dispose()
    {
        _model.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_large_batch_is_several_runs_whose_results_keep_their_order()
    {
        TokenizedCaption[] tokenized = [.. _captions.Select(_model.Tokenizer.Tokenize)];
        float[] embeddings = new float[Count * TinyModel.EmbeddingSize];

        _model.CaptionEncoder.Encode(tokenized, embeddings, TestContext.Current.CancellationToken);

        AssertEach(embeddings);
        Assert.InRange(_model.CaptionEncoder.Session.Runs, tokenized.Sum(caption => caption.Ids.Length) / TokensPerRun, 10);
        Assert.Equal(Count, _model.CaptionEncoder.Session.Encoded);
    }

    [Fact]
    public void Equal_captions_of_a_batch_are_encoded_once_and_each_gets_the_embedding()
    {
        string[] captions = [.. _captions[..5], "River", .. _captions[2..7], "river", "river zzzunseen"];
        float[] embeddings = _model.EmbedCaptions(captions, cancellationToken: TestContext.Current.CancellationToken);

        for (int i = 0; i < captions.Length; i++)
        {
            TinyModel.Same(
                TinyModel.CaptionEmbedding(captions[i]), embeddings.AsSpan(i * TinyModel.EmbeddingSize, TinyModel.EmbeddingSize));
        }
        int distinct = captions.Select(caption => string.Join(' ', _model.Tokenizer.Tokenize(caption).Ids)).Distinct().Count();
        Assert.Equal((9, captions.Length, distinct),
            (distinct, (int)_model.CaptionEncoder.Session.Rows, (int)_model.CaptionEncoder.Session.Encoded));
    }

    [Fact]
    public void The_first_of_several_captions_with_unknown_ids_is_named_before_any_run()
    {
        TokenizedCaption good = _model.Tokenizer.Tokenize("river"), bad = new([1, 9999], false);
        var e = Assert.Throws<ArgumentException>(() => _model.CaptionEncoder.Encode(
            [good, bad, good, bad], new float[4 * TinyModel.EmbeddingSize], TestContext.Current.CancellationToken));

        Assert.Contains("Token 1 of caption 1", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, _model.CaptionEncoder.Session.Runs);
    }

    [Fact]
    public void Progress_counts_every_caption_of_a_batch_that_is_divided()
    {
        var done = new List<int>();

        AssertEach(_model.EmbedCaptions(
            _captions, batchSize: Count, new Immediate<int>(done.Add), TestContext.Current.CancellationToken));

        Assert.True(done.Count > 1);
        Assert.Equal(done.Order(), done);
        Assert.Equal(Count, done[^1]);
    }

    [Fact]
    public void Progress_is_reported_by_the_callers_thread()
    {
        using SwanModel model = SwanModel.Open(_folder.File("tiny.swan"), new SwanModelOptions { Threads = 4 });
        var threads = new List<int>();

        AssertEach(model.EmbedCaptions(
            _captions, batchSize: 20, new Immediate<int>(_ => threads.Add(Environment.CurrentManagedThreadId)),
            TestContext.Current.CancellationToken));

        Assert.True(threads.Count > 1);
        Assert.All(threads, thread => Assert.Equal(Environment.CurrentManagedThreadId, thread));
    }

    [Fact]
    public void Progress_that_throws_ends_the_batch_and_is_not_called_again()
    {
        using SwanModel model = SwanModel.Open(_folder.File("tiny.swan"), new SwanModelOptions { Threads = 4 });
        int reports = 0;

        Assert.Throws<InvalidOperationException>(() => model.EmbedCaptions(_captions, batchSize: 20, new Immediate<int>(_ =>
        {
            reports++;
            throw new InvalidOperationException("enough");
        }), TestContext.Current.CancellationToken));

        long runs = model.CaptionEncoder.Session.Runs;
        Assert.Equal(1, reports);
        AssertEach(model.EmbedCaptions(_captions, cancellationToken: TestContext.Current.CancellationToken));
        Assert.True(model.CaptionEncoder.Session.Runs > runs);
        Assert.Equal(1, reports);
    }

    private void AssertEach(float[] embeddings)
    {
        for (int i = 0; i < Count; i++)
        {
            TinyModel.Same(
                TinyModel.CaptionEmbedding(_captions[i]), embeddings.AsSpan(i * TinyModel.EmbeddingSize, TinyModel.EmbeddingSize));
        }
    }
}
