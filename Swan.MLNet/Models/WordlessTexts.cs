using Swan.MLNet.Text;

namespace Swan.MLNet.Models;

/// <summary>The texts of one call of which the model knows no word: all are counted, the first few are named.</summary>
internal sealed class WordlessTexts
{
    private const int MaxNamed = 5;
    private readonly List<(int Index, string Text)> _first = [];
    private int _count;

    public void Add(int index, string text)
    {
        _count++;
        if (_first.Count < MaxNamed) _first.Add((index, text));
    }

    /// <exception cref="SwanTextException">There are such texts.</exception>
    public void ThrowIfAny(int total, string model)
    {
        if (_count > 0) throw SwanTextException.NoKnownWord(_first, _count, total, model);
    }
}
