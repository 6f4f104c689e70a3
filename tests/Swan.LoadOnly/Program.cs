Console.WriteLine("swan");
