from xiaoxiao.cli import main

main()
