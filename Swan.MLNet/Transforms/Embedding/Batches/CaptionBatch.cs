using System.Runtime.InteropServices;
using Microsoft.ML;
using Swan.MLNet.Encoders;
using Swan.MLNet.Text;

namespace Swan.MLNet.Transforms;

/// <summary>Captions, those that can be embedded encoded together.</summary>
internal sealed class CaptionBatch : EmbeddingBatch
{
    private readonly CaptionEncoder _encoder;
    private readonly ValueGetter<ReadOnlyMemory<char>> _caption;

    // Of the rows that could be read: their captions and slots.
    private readonly List<TokenizedCaption> _captions;
    private readonly List<int> _slots;

    public CaptionBatch(EmbeddingPass pass, int capacity) : base(pass, capacity, pass.Context.Lease.Captions.EmbeddingSize)
    {
        _encoder = Context.Lease.Captions;
        _caption = pass.Getter<ReadOnlyMemory<char>>();
        _captions = new List<TokenizedCaption>(capacity);
        _slots = new List<int>(capacity);
    }

    public override void Clear()
    {
        base.Clear();
        _captions.Clear();
        _slots.Clear();
    }

    protected override void Take(int slot)
    {
        ReadOnlyMemory<char> value = default;
        _caption(ref value);
        string text = value.ToString();
        TokenizedCaption caption = _encoder.Tokenizer.Tokenize(text);
        if (caption.Truncated) SetCut(slot);
        if (!Context.Options.EmbedEmptyCaptions && !caption.HasWords)
        {
            string read = CaptionText.DescribeRead(caption, _encoder.Tokenizer.MaxLength);
            SetFault(slot, RowFault.Wordless(text, read, Context.Lease.Model.Name));
            return;
        }
        _captions.Add(caption);
        _slots.Add(slot);
    }

    protected override void Encode(Span<float> embeddings)
    {
        if (_captions.Count > 0) _encoder.Encode(_captions, embeddings, Cancellation);
        SpreadOut(embeddings, CollectionsMarshal.AsSpan(_slots));
    }
}
