using Swan.MLNet.Numerics;

namespace Swan.MLNet.Metadata;

/// <summary>Texts, in either form.</summary>
/// <remarks>The bytes are looked through at their first use, and not when the part is opened.</remarks>
internal abstract class TextColumns : ColumnData
{
    private volatile bool _sound;

    private protected TextColumns(SwanColumn column, int rows, ReadOnlyMemory<byte> part, TextLayout layout) : base(column, rows)
    {
        (Part, Layout, Texts) = (part, layout, new Utf8Texts(column, part, layout));
    }

    private protected ReadOnlyMemory<byte> Part { get; }

    private protected TextLayout Layout { get; }

    private protected Utf8Texts Texts { get; }

    public static new ColumnData Open(SwanColumn column, int rows, ReadOnlyMemory<byte> part)
    {
        TextLayout layout = TextLayout.Read(column, rows, part);
        return layout.Dictionary
            ? new DictionaryColumnData(column, rows, part, layout)
            : new PlainTextColumnData(column, rows, part, layout);
    }

    public sealed override RowBits Present()
    {
        Require();
        return PresentRows();
    }

    public sealed override RowBits Evaluate(FilterTerm term, CancellationToken cancellation)
    {
        TextPredicate predicate = TextPredicate.Of(term);
        Require();
        return Passing(predicate, cancellation);
    }

    private protected sealed override object? ValueOf(int row)
    {
        Require();
        return TextOf(row);
    }

    private protected abstract RowBits PresentRows();

    private protected abstract RowBits Passing(TextPredicate predicate, CancellationToken cancellation);

    private protected abstract string? TextOf(int row);

    /// <summary>Looks through what lies before the texts.</summary>
    private protected virtual void RequireRows()
    {
    }

    private void Require()
    {
        if (_sound) return;
        Texts.Require();
        RequireRows();
        _sound = true;
    }
}
