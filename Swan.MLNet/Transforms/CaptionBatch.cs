using Microsoft.ML;
using Microsoft.ML.Data;
using Swan.MLNet.Encoders;
using Swan.MLNet.Interop;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Captions, encoded in one run, padded to the longest of the batch.</summary>
internal sealed class CaptionBatch : EmbeddingBatch
{
    private readonly CaptionEncoder _encoder;
    private readonly ValueGetter<ReadOnlyMemory<char>> _caption;
    private readonly List<TokenizedCaption> _captions;
    private readonly TokenizedCaption _empty;
    private int _cut;

    public CaptionBatch(EmbeddingWork work, DataViewRow row, DataViewSchema.Column input, int capacity)
        : base(work, row, input, capacity, work.Lease.Captions.EmbeddingSize)
    {
        _encoder = work.Lease.Captions;
        _caption = row.GetGetter<ReadOnlyMemory<char>>(input);
        _captions = new List<TokenizedCaption>(capacity);
        _empty = _encoder.Tokenizer.Tokenize("");
    }

    public override void Clear()
    {
        base.Clear();
        _captions.Clear();
    }

    public override void Dispose()
    {
        if (_cut > 0)
        {
            Work.AddCut(_cut);
            MlNetEnvironment.Warning(Work.Host, "Embed", $"{_cut} captions had more than the model's {_encoder.Tokenizer.MaximumLength} tokens and were cut.");
            _cut = 0;
        }
        base.Dispose();
    }

    protected override void Take(int slot)
    {
        // A row that can't be read keeps its place in the batch.
        _captions.Add(_empty);
        ReadOnlyMemory<char> value = default;
        _caption(ref value);
        TokenizedCaption caption = _encoder.Tokenizer.Tokenize(value.ToString());
        if (caption.Truncated) _cut++;
        _captions[slot] = caption;
    }

    protected override void Encode(Span<float> embeddings) => _encoder.Encode(_captions, embeddings, Cancellation);
}
