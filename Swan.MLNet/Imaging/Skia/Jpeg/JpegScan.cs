namespace Swan.MLNet.Imaging;

/// <summary>One scan of a JPEG: its blocks are passed over as a decoder reads them, without making coefficients of them.</summary>
internal ref struct JpegScan
{
    private readonly bool _progressive;
    private readonly int _first, _last, _high;
    private JpegBits _bits;
    private int _blocksToPass; // of which the codes have said that they have no more (EOBRUN)
    private bool _isWrong;

    /// <param name="bits">From the scan's first coded byte on.</param>
    /// <param name="progressive">Whether the frame is.</param>
    /// <param name="first">The first coefficient.</param>
    /// <param name="last">The last coefficient.</param>
    /// <param name="high">0 where the scan gives the coefficients' first bits; otherwise it refines them.</param>
    public JpegScan(JpegBits bits, bool progressive, int first, int last, int high)
    {
        _bits = bits;
        (_progressive, _first, _last, _high) = (progressive, first, last, high);
    }

    /// <summary>Whether a code is none, or gives a coefficient that is none.</summary>
    public readonly bool IsWrong => _isWrong;

    /// <summary>Whether the coded data ended.</summary>
    public readonly bool IsExhausted => _bits.IsExhausted;

    /// <summary>Goes to the marker after the coded data.</summary>
    public int End(out int next) => _bits.End(out next);

    /// <summary>Goes on behind a restart marker.</summary>
    public void Restart(JpegBits bits)
    {
        _bits = bits;
        _blocksToPass = 0;
    }

    /// <summary>Passes over a block.</summary>
    public void Pass(JpegHuffmanTable? dc, JpegHuffmanTable? ac, ref ulong nonZero)
    {
        if (!_progressive)
        {
            JpegBits bits = _bits; // a local stays in registers: this is where the time goes
            _isWrong |= !TryPassSequential(ref bits, dc!, ac!);
            _bits = bits;
        }
        else if (_first == 0)
        {
            if (_high == 0) PassDirect(dc!);
            else _bits.Take(1);
        }
        else if (_high == 0) PassFirst(ac!, _first, _last, ref nonZero);
        else PassRefined(ac!, ref nonZero);
    }

    private static bool TryPassSequential(ref JpegBits bits, JpegHuffmanTable dc, JpegHuffmanTable ac)
    {
        int symbol = dc.NextWithValue(ref bits);
        if (symbol is < 0 or > 15) return false;
        uint[] several = ac.Several();
        for (int k = 1; k < 64;)
        {
            if (JpegHuffmanTable.PassSeveral(several, ref bits, ref k)) continue;
            symbol = ac.NextWithValue(ref bits);
            if (symbol < 0) return false;
            if ((symbol & 15) == 0 && symbol < 0xF0) return true;
            k += (symbol >> 4) + 1;
            if (k > 64) return false;
        }
        return true;
    }

    private void PassDirect(JpegHuffmanTable table)
    {
        int size = table.Next(ref _bits);
        _isWrong |= size is < 0 or > 15;
        if (!_isWrong) _bits.Skip(size);
    }

    private void PassFirst(JpegHuffmanTable table, int first, int last, ref ulong nonZero)
    {
        if (_blocksToPass > 0)
        {
            _blocksToPass--;
            return;
        }
        for (int k = first; k <= last && !_isWrong;)
        {
            int symbol = table.Next(ref _bits);
            if (symbol < 0)
            {
                _isWrong = true;
                return;
            }
            int run = symbol >> 4, size = symbol & 15;
            if (size == 0 && run < 15)
            {
                _blocksToPass = (1 << run) - 1 + _bits.Take(run);
                return;
            }
            k += run;
            _isWrong |= k > last;
            _bits.Skip(size);
            if (size > 0 && !_isWrong) nonZero |= 1UL << k;
            k++;
        }
    }

    // A coefficient that is not zero takes a bit of correction wherever the codes pass over it.
    private void PassRefined(JpegHuffmanTable table, ref ulong nonZero)
    {
        int k = _first;
        for (; _blocksToPass == 0 && k <= _last; k++)
        {
            int symbol = table.Next(ref _bits);
            if (symbol < 0)
            {
                _isWrong = true;
                return;
            }
            int run = symbol >> 4;
            bool isNew = (symbol & 15) != 0;
            if (isNew) _bits.Skip(1);
            else if (run < 15)
            {
                _blocksToPass = (1 << run) + _bits.Take(run);
                break;
            }
            for (; k <= _last; k++)
            {
                if ((nonZero >> k & 1) != 0) _bits.Take(1);
                else if (--run < 0) break;
            }
            if (isNew && k <= _last) nonZero |= 1UL << k;
        }
        if (_blocksToPass == 0) return;
        for (; k <= _last; k++)
        {
            if ((nonZero >> k & 1) != 0) _bits.Take(1);
        }
        _blocksToPass--;
    }
}
