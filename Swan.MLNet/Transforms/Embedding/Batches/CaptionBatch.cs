using Microsoft.ML;
using Swan.MLNet.Encoders;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Captions, encoded in one run, padded to the longest of the batch.</summary>
internal sealed class CaptionBatch : EmbeddingBatch
{
    private readonly CaptionEncoder _encoder;
    private readonly ValueGetter<ReadOnlyMemory<char>> _caption;
    private readonly List<TokenizedCaption> _captions;

    public CaptionBatch(EmbeddingPass pass, int capacity) : base(pass, capacity, pass.Context.Lease.Captions.EmbeddingSize)
    {
        _encoder = Context.Lease.Captions;
        _caption = pass.Getter<ReadOnlyMemory<char>>();
        _captions = new List<TokenizedCaption>(capacity);
    }

    public override void Clear()
    {
        base.Clear();
        _captions.Clear();
    }

    protected override void Take(int slot)
    {
        // A row that can't be read keeps its place in the batch.
        _captions.Add(_encoder.NoWords);
        ReadOnlyMemory<char> value = default;
        _caption(ref value);
        string text = value.ToString();
        TokenizedCaption caption = _encoder.Tokenizer.Tokenize(text);
        if (!Context.Options.EmbedEmptyCaptions && !caption.HasWords)
        {
            string read = CaptionText.DescribeRead(caption, _encoder.Tokenizer.MaxLength);
            SetFault(slot, RowFault.Wordless(text, read, Context.Lease.Model.Name));
        }
        if (caption.Truncated) SetCut(slot);
        _captions[slot] = caption;
    }

    protected override void Encode(Span<float> embeddings) => _encoder.Encode(_captions, embeddings, Cancellation);
}
