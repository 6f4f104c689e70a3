using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>The texts of one call of which the model knows no word: all are counted, the first few are named.</summary>
internal sealed class WordlessTexts
{
    private const int MaxNamed = 5;
    private readonly List<(int Index, string Text, string Read)> _first = [];
    private int _count;

    /// <summary>Takes a text if the model knows no word of it.</summary>
    /// <param name="index">The text's place.</param>
    /// <param name="text">The text.</param>
    /// <param name="tokenized">What the tokenizer made of it.</param>
    /// <param name="longest">The tokens that the model takes.</param>
    public void Check(int index, string text, TokenizedCaption tokenized, int longest)
    {
        if (tokenized.HasWords) return;
        _count++;
        if (_first.Count < MaxNamed) _first.Add((index, text, CaptionText.DescribeRead(tokenized, longest)));
    }

    /// <exception cref="SwanTextException">There are such texts.</exception>
    public void ThrowIfAny(int total, string model)
    {
        if (_count > 0) throw SwanTextException.NoKnownWord(_first, _count, total, model);
    }
}
