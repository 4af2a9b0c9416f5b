System.Console.WriteLine("outboard");
